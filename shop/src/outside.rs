//! What the shop fetches from addresses that somebody else chose: only from the public internet, never from machines
//! that only this one can reach.

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, StatusCode, Url, redirect};
use rustls::{ClientConfig, RootCertStore};

/// The first port that is nobody's in particular. Below it only those of HTTP are asked.
const FIRST_FREE_PORT: u16 = 1024;

/// Which addresses may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Those of the public internet.
    Public,
    /// Any: for tests, whose servers are on this machine.
    Anywhere,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum OutsideError {
    /// It can't be read as a link.
    #[error("it is not an http:// or https:// link")]
    NotALink,
    /// Another service is expected there.
    #[error("port {0} belongs to another service")]
    Port(u16),
    /// The address is not one of the public internet.
    #[error("{0} is not a public address")]
    NotPublic(IpAddr),
    /// The server would not give it. A redirect is not followed: it could lead anywhere.
    #[error("the server answers {0}")]
    Status(StatusCode),
    /// Too many bytes.
    #[error("it is larger than {0} bytes")]
    TooLarge(usize),
    /// No answer in time.
    #[error("it takes too long")]
    TooSlow,
    /// The connection could not be made, or broke.
    #[error("{0}")]
    Failed(String),
}

/// Fetches from outside.
#[derive(Clone, Debug)]
pub struct Outside {
    client: Client,
    reach: Reach,
}

impl Outside {
    /// A client that gives each link `time` from the name's resolution to the last byte.
    pub fn new(reach: Reach, time: Duration) -> Self {
        let client = Client::builder()
            .tls_backend_preconfigured(tls())
            .dns_resolver(Arc::new(Resolver(reach)))
            .redirect(redirect::Policy::none())
            // A proxy would resolve names by itself.
            .no_proxy()
            .referer(false)
            .user_agent(concat!("oxcart/", env!("CARGO_PKG_VERSION")))
            .timeout(time);
        Outside { client: client.build().expect("neither files nor the environment are read"), reach }
    }

    /// What a link leads to, when it has at most `most` bytes.
    pub async fn get(&self, link: &str, most: usize) -> Result<Vec<u8>, OutsideError> {
        let url = Url::parse(link).map_err(|_| OutsideError::NotALink)?;
        check(&url, self.reach)?;
        let mut answer = self.client.get(url).send().await.map_err(reason)?;
        if !answer.status().is_success() {
            return Err(OutsideError::Status(answer.status()));
        }
        let mut bytes = Vec::new();
        while let Some(more) = answer.chunk().await.map_err(reason)? {
            if bytes.len() + more.len() > most {
                return Err(OutsideError::TooLarge(most));
            }
            bytes.extend_from_slice(&more);
        }
        Ok(bytes)
    }
}

/// The TLS of every call to the outside.
pub fn tls() -> ClientConfig {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has the ciphers of every version")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// What a link itself gives away. Reading it has brought every spelling of an address (`0x7f.1`, `127.1`) into one.
fn check(url: &Url, reach: Reach) -> Result<(), OutsideError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutsideError::NotALink);
    }
    let host = url.host_str().ok_or(OutsideError::NotALink)?;
    // A host that is an address is never given to the resolver.
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        allow(address, reach)?;
    }
    match url.port() {
        Some(port) if port < FIRST_FREE_PORT && !matches!(port, 80 | 443) => Err(OutsideError::Port(port)),
        _ => Ok(()),
    }
}

fn allow(address: IpAddr, reach: Reach) -> Result<(), OutsideError> {
    if reach == Reach::Anywhere || is_public(address) { Ok(()) } else { Err(OutsideError::NotPublic(address)) }
}

/// Resolves a name to the very addresses that are then connected to. One that is not allowed spoils the name.
#[derive(Debug)]
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            found.iter().try_for_each(|address| allow(address.ip(), reach))?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Whether everybody on the internet means the same machine by an address, and that machine is no part of the network
/// that this one stands in.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    /// Where Azure tells a machine about itself.
    const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    let reserved = match address.octets() {
        // This network, and what is shared with a provider's other customers.
        [0, ..] | [100, 64..=127, ..] => true,
        // Kept for protocols: 6to4 relays among them.
        [192, 0, 0, _] | [192, 88, 99, _] => true,
        // Measurements between networks; multicast; the future and broadcast.
        [198, 18..=19, ..] | [224..=255, ..] => true,
        _ => false,
    };
    !(reserved
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_documentation()
        || address == AZURE)
}

/// Only the block that public addresses are given out of, without the parts in which another address is hidden.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Protocols, Teredo among them; documentation; 6to4.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The innermost reason, which is the one that helps.
fn reason(error: reqwest::Error) -> OutsideError {
    if error.is_timeout() {
        return OutsideError::TooSlow;
    }
    let mut inner = error.source();
    while let Some(deeper) = inner.and_then(|error| error.source()) {
        inner = Some(deeper);
    }
    OutsideError::Failed(inner.map_or_else(|| error.to_string(), ToString::to_string))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const TIME: Duration = Duration::from_millis(300);

    #[test]
    fn only_public_addresses_are_asked() {
        for (address, public) in [
            ("93.184.216.34", true),
            ("8.8.8.8", true),
            ("100.63.255.255", true),
            ("172.32.0.1", true),
            ("192.0.1.1", true),
            ("223.255.255.255", true),
            ("2606:4700::6810:84e5", true),
            ("2001:4860:4860::8888", true),
            ("0.0.0.0", false),
            ("0.1.2.3", false),
            ("127.0.0.1", false),
            ("127.255.255.254", false),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.100.100.200", false),
            ("168.63.129.16", false),
            ("192.0.0.192", false),
            ("192.0.2.1", false),
            ("198.18.0.1", false),
            ("198.51.100.1", false),
            ("203.0.113.1", false),
            ("192.88.99.1", false),
            ("224.0.0.1", false),
            ("240.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::127.0.0.1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", false),
            ("::ffff:169.254.169.254", false),
            ("64:ff9b::7f00:1", false),
            ("64:ff9b:1::a00:1", false),
            ("100::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("2002:7f00:1::", false),
            ("3fff::1", false),
            ("fc00::1", false),
            ("fd00:ec2::254", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().expect("an address")), public, "{address}");
        }
    }

    #[test]
    fn an_address_is_refused_in_every_spelling() {
        for link in [
            "http://127.0.0.1/a.png",
            "http://127.1/a.png",
            "http://0x7f.1/a.png",
            "http://0x7f000001/a.png",
            "http://2130706433/a.png",
            "http://0177.0.0.1/a.png",
            "http://127.0.0.1./a.png",
            "http://\u{ff11}\u{ff12}\u{ff17}.0.0.1/a.png",
            "http://127%2e0.0.1/a.png",
            "http://shop@127.0.0.1/a.png",
            "http:\\\\127.0.0.1/a.png",
            "http://[::1]/a.png",
            "http://[0:0:0:0:0:0:0:1]/a.png",
            "http://[::ffff:127.0.0.1]/a.png",
            "http://[::ffff:7f00:1]/a.png",
            "https://169.254.169.254/latest/meta-data/",
            "https://0xa9fea9fe/",
            "https://[fd00:ec2::254]/",
            "http://10.0.0.1:8080/a.png",
        ] {
            let url = Url::parse(link).expect("a link");
            let answer = check(&url, Reach::Public);
            assert!(matches!(answer, Err(OutsideError::NotPublic(_))), "{link}: {answer:?}");
        }
    }

    #[test]
    fn only_what_serves_pictures_is_asked() {
        for (link, good) in [
            ("https://example.com/a.png", true),
            ("http://example.com:80/a.png", true),
            ("https://example.com:8443/a.png", true),
            ("http://8.8.8.8/a.png", true),
            ("http://example.com:22/a.png", false),
            ("https://example.com:25/a.png", false),
            ("file:///etc/passwd", false),
            ("gopher://example.com/a.png", false),
            ("ftp://example.com/a.png", false),
            ("data:image/png;base64,AA", false),
        ] {
            assert_eq!(check(&Url::parse(link).expect("a link"), Reach::Public).is_ok(), good, "{link}");
        }
    }

    /// A server that says one thing to everybody, in pieces without an end when it is asked to; and its port.
    async fn server(says: &'static str, forever: bool) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        tokio::spawn(async move {
            while let Ok((mut visitor, _)) = listener.accept().await {
                let _ = visitor.read(&mut [0; 1024]).await;
                let _ = visitor.write_all(says.as_bytes()).await;
                while forever && visitor.write_all(&[b'.'; 512]).await.is_ok() {}
                tokio::time::sleep(4 * TIME).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn a_name_is_judged_by_what_it_resolves_to() {
        let port = server("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n.", false).await;
        let link = format!("http://localhost:{port}/");
        let refused = Outside::new(Reach::Public, 10 * TIME).get(&link, 9).await.expect_err("this machine");
        assert!(refused.to_string().ends_with("is not a public address"), "{refused}");
        assert_eq!(Outside::new(Reach::Anywhere, 10 * TIME).get(&link, 9).await.expect("it is there"), b".");
    }

    #[tokio::test]
    async fn nobody_can_keep_the_shop_waiting_or_fill_it() {
        let outside = Outside::new(Reach::Anywhere, TIME);
        for (says, forever, expected) in [
            ("", false, "it takes too long"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n.", false, "it takes too long"),
            ("HTTP/1.1 200 OK\r\n\r\n", true, "it is larger than 4096 bytes"),
            ("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n", false, "the server answers 302 Found"),
        ] {
            let link = format!("http://127.0.0.1:{}/", server(says, forever).await);
            let refused = outside.get(&link, 4096).await.expect_err(expected);
            assert_eq!(refused.to_string(), expected, "{says}");
        }
    }
}
