//! Sizes as people type them.

/// Bytes, or a number with K, M or G (powers of 1,024; `B` and `iB` may follow).
pub(in crate::cli) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_ascii_uppercase();
    let shift = match unit.trim_end_matches('B').trim_end_matches('I') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        _ => return Err("expected a number of bytes, such as 500K, 64M or 1G".to_owned()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a number such as 500K, 64M or 1G")?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_have_units() {
        let sizes = ["12", "1K", "2kb", "3MiB", "1G"].map(|s| parse_size(s).unwrap());
        assert_eq!(sizes, [12, 1024, 2048, 3 << 20, 1 << 30]);
        assert!(
            ["", "M", "1T", "-1", "1.5G"]
                .iter()
                .all(|s| parse_size(s).is_err())
        );
    }
}
