//! Encrypted ways: whom Keeper believes. A front with a certificate of our own stands before the real server.
use super::place::{Place, development, fresh, value, words};
use keeper::remote::sources::{Changed, SourceEngine, Tls};
use keeper::remote::{Server, Source};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub struct Authority {
    certificate: X509,
    key: PKey<Private>,
}

impl Authority {
    pub fn new() -> Self {
        let key = key();
        let certificate = certificate(&key, "An authority", None, None);
        Self { certificate, key }
    }

    pub fn pem(&self) -> String {
        String::from_utf8(self.certificate.to_pem().unwrap()).unwrap()
    }

    pub fn acceptor(&self, host: &str) -> TlsAcceptor {
        let own = key();
        let shown = certificate(&own, host, Some(host), Some(self));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(shown.to_der().unwrap())],
                PrivateKeyDer::try_from(own.private_key_to_pkcs8().unwrap()).unwrap(),
            )
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

fn certificate(key: &PKey<Private>, name: &str, host: Option<&str>, by: Option<&Authority>) -> X509 {
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_nid(Nid::COMMONNAME, name).unwrap();
    let subject = subject.build();
    let mut made = X509::builder().unwrap();
    made.set_version(2).unwrap();
    made.set_serial_number(
        &BigNum::from_u32(1 + u32::from(host.is_some())).unwrap().to_asn1_integer().unwrap(),
    )
    .unwrap();
    made.set_subject_name(&subject).unwrap();
    made.set_issuer_name(by.map_or(&*subject, |by| by.certificate.subject_name())).unwrap();
    made.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    made.set_not_after(&Asn1Time::days_from_now(2).unwrap()).unwrap();
    made.set_pubkey(key).unwrap();
    match host {
        Some(host) => {
            let mut names = SubjectAlternativeName::new();
            if host.parse::<std::net::IpAddr>().is_ok() {
                names.ip(host)
            } else {
                names.dns(host)
            };
            let names = names.build(&made.x509v3_context(by.map(|by| &*by.certificate), None)).unwrap();
            made.append_extension(names).unwrap();
        }
        None => made.append_extension(BasicConstraints::new().critical().ca().build().unwrap()).unwrap(),
    }
    made.sign(by.map_or(key, |by| &by.key), MessageDigest::sha256()).unwrap();
    made.build()
}

/// The port of a front that speaks TLS to Keeper, and to the server without.
async fn front(place: &Place, acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, engine, server) = (listener.local_addr().unwrap().port(), place.engine, place.port);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                match engine {
                    SourceEngine::Postgres => postgres(client, server, acceptor).await,
                    SourceEngine::Mysql => mysql(client, server, acceptor).await,
                }
            });
        }
    });
    port
}

/// Asked for TLS, the front says S.
async fn postgres(
    mut client: TcpStream,
    mut server: TcpStream,
    acceptor: TlsAcceptor,
) -> std::io::Result<()> {
    let mut asked = [0; 8];
    client.read_exact(&mut asked).await?;
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}

const SSL: u16 = 0x0800;

/// The greeting offers TLS; what the client then says in it counts as one packet less to the server.
async fn mysql(mut client: TcpStream, mut server: TcpStream, acceptor: TlsAcceptor) -> std::io::Result<()> {
    let mut greeting = packet(&mut server).await?;
    let version = greeting[5..].iter().position(|b| *b == 0).unwrap() + 6;
    let flags = version + 4 + 8 + 1;
    greeting[flags + 1] |= (SSL >> 8) as u8;
    client.write_all(&greeting).await?;
    let asked = packet(&mut client).await?;
    assert_eq!(asked.len(), 4 + 32, "a request for TLS");
    let mut client = acceptor.accept(client).await?;
    let mut answer = packet(&mut client).await?;
    answer[3] -= 1;
    answer[5] &= !((SSL >> 8) as u8);
    server.write_all(&answer).await?;
    copy_bidirectional(&mut client, &mut server).await.map(|_| ())
}

async fn packet(from: &mut (impl AsyncReadExt + Unpin)) -> std::io::Result<Vec<u8>> {
    let mut whole = vec![0; 4];
    from.read_exact(&mut whole).await?;
    let size = usize::from(whole[0]) | usize::from(whole[1]) << 8 | usize::from(whole[2]) << 16;
    whole.resize(4 + size, 0);
    from.read_exact(&mut whole[4..]).await?;
    Ok(whole)
}

fn source(place: &Place, host: &str, port: u16, tls: Tls) -> Source {
    place.source_but(|settings| {
        settings.server = Server::parse(host, port, &development()).unwrap();
        settings.tls = tls;
    })
}

async fn a_certificate_of_the_given_authority_is_believed_for_its_own_name_alone(place: Place) {
    let (ours, other) = (Authority::new(), Authority::new());
    let user = place.add(&fresh("app"), "old").await;
    let port = front(&place, ours.acceptor("localhost")).await;
    let given = || Tls::Authority(ours.pem());
    assert_eq!(
        source(&place, "localhost", port, given()).change(&user, &value("new")).await,
        Ok(Changed::Yes)
    );
    assert!(place.opens(&user.name, "new").await);
    for (host, tls) in
        [("localhost", Tls::Machine), ("localhost", Tls::Authority(other.pem())), ("127.0.0.1", given())]
    {
        let told = words(source(&place, host, port, tls).change(&user, &value("newer")).await);
        assert!(told.contains("no certificate for its name"), "{host}: {told}");
    }
    let port = front(&place, ours.acceptor("127.0.0.1")).await;
    assert_eq!(
        source(&place, "127.0.0.1", port, given()).change(&user, &value("newer")).await,
        Ok(Changed::Yes)
    );
    // The test's own servers speak none.
    let told = words(source(&place, "127.0.0.1", place.port, given()).change(&user, &value("last")).await);
    assert!(told.contains("offers no TLS"), "{told}");
    assert!(place.opens(&user.name, "newer").await);
}

#[tokio::test]
async fn a_certificate_of_the_given_authority_is_believed_for_its_own_name_alone_on_postgres() {
    if let Some(place) = Place::postgres().await {
        a_certificate_of_the_given_authority_is_believed_for_its_own_name_alone(place).await;
    }
}

#[tokio::test]
async fn a_certificate_of_the_given_authority_is_believed_for_its_own_name_alone_on_mysql() {
    if let Some(place) = Place::mysql().await {
        a_certificate_of_the_given_authority_is_believed_for_its_own_name_alone(place).await;
    }
}
