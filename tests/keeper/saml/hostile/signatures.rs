//! Rule 1 and 2: who signed, and with what. Signatures that are missing, foreign, emptied, weak or borrowed.
use super::rows::{Row, row};
use crate::support::idp::{Document, Idp, Pair};
use openssl::pkey::PKey;

const SIGNER: &str = "signer";
const ALGORITHM: &str = "algorithm";
const KEY_INFO: &str = "key info";

pub fn rows() -> Vec<Row> {
    let mut rows = signers();
    rows.extend(algorithms());
    rows.extend(key_infos());
    rows
}

fn signers() -> Vec<Row> {
    vec![
        row(SIGNER, "unsigned", |_, d| d),
        row(SIGNER, "unsigned, an admin", |_, d| d.set("group", "keeper-admins")),
        row(SIGNER, "assertion by a foreign key", |idp, d| d.sign("assertion", &idp.foreign)),
        row(SIGNER, "response by a foreign key", |idp, d| d.sign("response", &idp.foreign)),
        row(SIGNER, "both by a foreign key", |idp, d| {
            d.sign("assertion", &idp.foreign).sign("response", &idp.foreign)
        }),
        row(SIGNER, "good assertion, response by a foreign key", |idp, d| {
            d.sign("assertion", &idp.rsa).sign("response", &idp.foreign)
        }),
        row(SIGNER, "foreign assertion, good response", |idp, d| {
            d.sign("assertion", &idp.foreign).sign("response", &idp.rsa)
        }),
        row(SIGNER, "the signature taken off", |idp, d| {
            d.sign("response", &idp.rsa).set("response.signature", "")
        }),
        row(SIGNER, "an empty signature", |_, d| {
            d.set("assertion.signature", r#"<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>"#)
        }),
        row(SIGNER, "an empty signature value", |idp, d| {
            let signed = d.sign("assertion", &idp.rsa).set("value", "");
            let signature = signed.part("signature");
            signed.set("assertion.signature", signature)
        }),
        row(SIGNER, "no signature value", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let text = d.part("assertion.signature");
            let cut = text.split("<ds:SignatureValue>").next().unwrap().to_owned() + "</ds:Signature>";
            d.set("assertion.signature", cut)
        }),
        row(SIGNER, "no reference", |idp, d| d.set("references", "").sign("assertion", &idp.rsa)),
        row(SIGNER, "signed info alone is signed, digest of something else", |idp, d| {
            d.sign_text("assertion", "something else", &idp.rsa.key)
        }),
        row(SIGNER, "an empty digest", |idp, d| {
            d.set("reference", r##"<ds:Reference URI="#{signed}">{transforms}<ds:DigestMethod Algorithm="{digest.uri}"></ds:DigestMethod><ds:DigestValue></ds:DigestValue></ds:Reference>"##)
                .sign("assertion", &idp.rsa)
        }),
        row(SIGNER, "a signature in another namespace", |idp, d| {
            let d = d.sign("assertion", &idp.rsa);
            let moved = d
                .part("assertion.signature")
                .replace("http://www.w3.org/2000/09/xmldsig#\"", "http://www.w3.org/2000/09/XMLDSIG#\"");
            d.set("assertion.signature", moved)
        }),
        after(SIGNER, "name changed after signing", "name", "canary-evil@idp.example"),
        after(SIGNER, "group changed after signing", "group", "keeper-admins"),
        after(SIGNER, "recipient changed after signing", "recipient", r#" Recipient="http://evil""#),
    ]
}

/// Both are signed, then one part is changed.
fn after(class: &'static str, name: &str, hole: &'static str, text: &'static str) -> Row {
    row(class, name, move |idp, d| d.sign("assertion", &idp.rsa).sign("response", &idp.rsa).set(hole, text))
}

fn algorithms() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, method) in [
        ("RSA with SHA-1", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("RSA with MD5", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        ("RSA with SHA-224", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224"),
        ("RSA-PSS", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
        ("no algorithm known to anybody", "urn:none"),
        ("an empty algorithm", ""),
        ("the name of a digest", "http://www.w3.org/2001/04/xmlenc#sha256"),
        ("white space around a good name", " http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 "),
    ] {
        for element in ["assertion", "response"] {
            rows.push(row(ALGORITHM, &format!("{name}, {element}"), move |idp, d| {
                d.set("method.uri", method).sign(element, &idp.rsa)
            }));
        }
    }
    for (name, digest) in [
        ("digest by SHA-1", "http://www.w3.org/2000/09/xmldsig#sha1"),
        ("digest by MD5", "http://www.w3.org/2001/04/xmldsig-more#md5"),
        ("digest by SHA-224", "http://www.w3.org/2001/04/xmldsig-more#sha224"),
        ("an empty digest algorithm", ""),
    ] {
        rows.push(row(ALGORITHM, name, move |idp, d| {
            d.set("digest.uri", digest).sign("assertion", &idp.rsa)
        }));
    }
    rows.extend([
        row(ALGORITHM, "no signature method", |idp, d| d.set("method", "").sign("assertion", &idp.rsa)),
        row(ALGORITHM, "no digest method", |idp, d| {
            d.set("reference", "<ds:Reference{uri}>{transforms}<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>")
                .sign("assertion", &idp.rsa)
        }),
        row(ALGORITHM, "two signature methods, the weak one second", |idp, d| {
            d.set("method", r#"<ds:SignatureMethod Algorithm="{method.uri}"></ds:SignatureMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"></ds:SignatureMethod>"#)
                .sign("assertion", &idp.rsa)
        }),
        row(ALGORITHM, "EC by a key that the metadata does not have", |idp, d| {
            d.set("method.uri", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256").sign("assertion", &idp.ec)
        }),
        hmac("the certificate", |pair| pair.certificate.to_der().unwrap()),
        hmac("the certificate as text", |pair| pair.certificate.to_pem().unwrap()),
        hmac("the certificate in base64", |pair| pair.base64().into_bytes()),
        hmac("the public key", |pair| pair.key.public_key_to_der().unwrap()),
        hmac("the public key as text", |pair| pair.key.public_key_to_pem().unwrap()),
        hmac("one zero byte", |_| vec![0]),
        row(ALGORITHM, "HMAC cut to one bit", |_, d| {
            let more = "<ds:HMACOutputLength>1</ds:HMACOutputLength>";
            by_hmac(d.set("method.more", more), &[0])
        }),
    ]);
    rows
}

fn hmac(name: &str, secret: fn(&Pair) -> Vec<u8>) -> Row {
    row(ALGORITHM, &format!("HMAC keyed with {name}"), move |idp: &Idp, d| by_hmac(d, &secret(&idp.rsa)))
}

fn by_hmac(d: Document, secret: &[u8]) -> Document {
    let d = d.set("method.uri", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
    let text = d.part("assertion");
    d.sign_text("assertion", &text, &PKey::hmac(secret).unwrap())
}

/// A key that travels with the message is nobody's key, and an address in it is called by nobody.
fn key_infos() -> Vec<Row> {
    let mut rows = Vec::new();
    let certificate = |pair: &Pair| {
        format!("<ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>", pair.base64())
    };
    let value = |pair: &Pair| {
        let rsa = pair.key.rsa().unwrap();
        let text = |number: &openssl::bn::BigNumRef| openssl::base64::encode_block(&number.to_vec());
        format!(
            "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{}</ds:Modulus><ds:Exponent>{}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
            text(rsa.n()),
            text(rsa.e())
        )
    };
    rows.push(keyed("the attacker's certificate", move |idp| certificate(&idp.foreign)));
    rows.push(keyed("the attacker's key", move |idp| value(&idp.foreign)));
    rows.push(keyed("the provider's certificate, the attacker's signature", move |idp| {
        certificate(&idp.rsa)
    }));
    rows.push(keyed("both certificates", move |idp| certificate(&idp.rsa) + &certificate(&idp.foreign)));
    rows.push(keyed("a certificate of neither kind", |_| {
        "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>".to_owned()
    }));
    for scheme in ["http", "https", "ftp"] {
        rows.push(keyed(&format!("a retrieval over {scheme}"), move |_| {
            format!(r#"<ds:RetrievalMethod URI="{scheme}://{{trap}}/key" Type="http://www.w3.org/2000/09/xmldsig#rawX509Certificate"></ds:RetrievalMethod>"#)
        }));
    }
    rows.push(keyed("a retrieval from a file", |_| {
        r#"<ds:RetrievalMethod URI="file:///etc/hostname" Type="http://www.w3.org/2000/09/xmldsig#rawX509Certificate"></ds:RetrievalMethod>"#.to_owned()
    }));
    rows.push(keyed("an encrypted key", |_| {
        r#"<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherReference URI="http://{trap}/key"></xenc:CipherReference></xenc:CipherData></xenc:EncryptedKey>"#.to_owned()
    }));
    rows.push(keyed("a name", |_| "<ds:KeyName>http://{trap}/key</ds:KeyName>".to_owned()));
    rows
}

/// Signed by the attacker, whose key info says how to trust it.
fn keyed(name: &str, info: impl Fn(&Idp) -> String + Send + Sync + 'static) -> Row {
    row(KEY_INFO, name, move |idp, d| {
        d.set("key-info", format!("<ds:KeyInfo>{}</ds:KeyInfo>", info(idp))).sign("assertion", &idp.foreign)
    })
}
