//! Codes by time (RFC 6238), as every authenticator app makes them: SHA-1, six digits, thirty seconds. One step before and one
//! after the present one are taken, because clocks differ (section 5.2).
use crate::domain::error::{Error, Result};
use crate::domain::plaintext::Plaintext;
use crate::kit::chance::Chance;
use crate::kit::clock::Utc;

/// 160 bits, as RFC 4226 (section 4, R6) recommends.
const BYTES: usize = 20;

pub struct Totp(totp_rs::Totp);

impl Totp {
    pub fn make_secret(chance: &Chance) -> Result<Plaintext> {
        Ok(Plaintext::new(chance.bytes::<BYTES>()?.to_vec()))
    }

    /// `issuer` and `account` are what the app shows beside the codes.
    pub fn of(secret: &Plaintext, issuer: &str, account: &str) -> Result<Self> {
        // A colon parts the two in the address that the app reads.
        let plain = |text: &str| text.replace(':', " ");
        let built = totp_rs::Builder::new()
            .with_secret(secret.expose())
            .with_issuer(Some(plain(issuer)))
            .with_account_name(plain(account))
            .build();
        built.map(Self).map_err(|e| Error::broken(e.to_string()))
    }

    /// The step that this code is of, if it is of the present one or of one beside it.
    pub fn step_of(&self, code: &str, now: Utc) -> Option<i64> {
        let step = self.0.check(code, now.unix().try_into().ok()?)?;
        step.try_into().ok()
    }

    /// What the picture says: `otpauth://totp/…`.
    pub fn address(&self) -> Result<Plaintext> {
        self.0.to_url().map(Plaintext::from).map_err(|e| Error::broken(e.to_string()))
    }

    /// For an app that has no camera: base32, in groups of four.
    pub fn typed(&self) -> Plaintext {
        let text = zeroize::Zeroizing::new(self.0.secret().to_base32());
        let groups: Vec<&str> =
            text.as_bytes().chunks(4).filter_map(|four| std::str::from_utf8(four).ok()).collect();
        Plaintext::from(groups.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Utc {
        Utc::from_unix(seconds).unwrap()
    }

    #[test] // RFC 6238, appendix B (SHA-1), the last six of its eight digits
    fn codes_are_those_of_the_standard() {
        let totp = Totp::of(&Plaintext::new(b"12345678901234567890".to_vec()), "Keeper", "ada").unwrap();
        for (time, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(totp.step_of(code, at(time)), Some(time / 30), "{code}");
            assert_eq!(totp.step_of(code, at(time + 30)), Some(time / 30), "one step late");
            assert_eq!(totp.step_of(code, at(time - 30)), Some(time / 30), "one step early");
            assert_eq!(totp.step_of(code, at(time + 60)), None, "two steps late");
        }
        for code in ["", "28708", "2870822", "+87082", " 87082", "２８７０８２", "28708a"] {
            assert_eq!(totp.step_of(code, at(59)), None, "{code}");
        }
    }

    #[test]
    fn an_app_is_told_whose_code_it_is() {
        let totp =
            Totp::of(&Plaintext::new(b"12345678901234567890".to_vec()), "Keeper [::1]:80", "ada:x").unwrap();
        let address = String::from_utf8(totp.address().unwrap().expose().to_vec()).unwrap();
        assert!(
            address.starts_with("otpauth://totp/")
                && address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{address}"
        );
        assert!(address.contains("issuer=Keeper"), "{address}");
        assert_eq!(totp.typed().expose(), b"GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
