//! What web servers give to browsers: asked for page by page (`crawl`), or as a browser saved it (`har`).
//!
//! `links` tells what a text loads and asks nobody; `http` asks and follows nothing. Between them, `requests` keeps to
//! bounds, `admitted` to servers that may be asked, `queue` knows what was, and `verdict` says what an answer means.
//! All but `har`, `tags` and `served` is built with the feature `net` alone.

mod har;
mod served;
mod tags;

#[cfg(feature = "net")]
mod admitted;
#[cfg(feature = "net")]
mod crawl;
#[cfg(feature = "net")]
mod fetch;
#[cfg(feature = "net")]
mod http;
#[cfg(feature = "net")]
mod links;
#[cfg(feature = "net")]
mod queue;
#[cfg(feature = "net")]
mod requests;
#[cfg(feature = "net")]
#[cfg(test)]
mod tests;
#[cfg(feature = "net")]
mod verdict;

#[cfg(feature = "net")]
pub use crawl::{SiteOptions, WebSite};
pub use har::Har;
#[cfg(feature = "net")]
pub(crate) use http::agent;
#[cfg(feature = "net")]
pub use requests::Bounds;
