//! The address of another Keeper, as somebody typed it.
use url::{Host, Url};

/// https, or http to this very machine: a token and values are not to be read on their way. Why one is refused reads after the name of
/// its option.
pub fn address(raw: &str) -> Result<Url, String> {
    let odd = || "must be an address such as https://keeper.example.com".to_owned();
    let url = Url::parse(raw.trim()).map_err(|_| odd())?;
    let is_here = match url.host().ok_or_else(odd)? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.to_canonical().is_loopback(),
    };
    match url.scheme() {
        "https" => {}
        "http" if is_here => {}
        "http" => {
            return Err(
                "must begin with https: over http the token and the values could be read on their way".into(),
            );
        }
        _ => return Err(odd()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no name and no password: the token comes in KEEPER_TOKEN".into());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("must end behind the host and the port, as in https://keeper.example.com".into());
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_spoken_to_without_tls() {
        for good in [
            "https://keeper.example.com",
            " https://keeper.example.com:8443/ ",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:8080",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://keeper.example.com", "https"),
            ("http://10.0.0.1", "https"),
            ("http://localhost.example.com", "https"),
            ("ftp://keeper.example.com", "such as"),
            ("keeper.example.com", "such as"),
            ("", "such as"),
            ("https://ada:canary@keeper.example.com", "KEEPER_TOKEN"),
            ("https://keeper.example.com/login", "end behind the host"),
            ("https://keeper.example.com/?token=canary", "end behind the host"),
        ] {
            let told = address(bad).unwrap_err();
            assert!(told.contains(why) && !told.contains("canary"), "{bad}: {told}");
        }
    }
}
