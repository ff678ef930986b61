//! The `jvxleaks` command. All the work is in the library; `cli` parses options and prints.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
