//! /account/second-factor.
use super::parts::{Form, Shell, When};
use super::words::Exact;
use crate::domain::error::{Error, Result};
use askama::Template;
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;
use zeroize::Zeroizing;

#[derive(Template)]
#[template(path = "account/second_factor.html")]
pub struct ShowPage {
    pub shell: Shell,
    /// Since when an app is in use.
    pub since: Option<When>,
    pub codes_left: i64,
    pub form: Form,
}

#[derive(Template)]
#[template(path = "account/second_factor_new.html")]
pub struct NewPage<'a> {
    pub shell: Shell,
    pub picture: Picture,
    pub typed: Exact<'a>,
    pub form: Form,
}

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
pub struct CodesPage<'a> {
    pub shell: Shell,
    pub codes: Exact<'a>,
    /// The app was set up just now.
    pub is_new: bool,
}

/// A QR code as the path of an SVG picture, one square a dark module, with the margin of four that readers need (ISO/IEC 18004).
pub struct Picture {
    pub side: i32,
    pub path: Zeroizing<String>,
}

const MARGIN: i32 = 4;

impl Picture {
    pub fn of(text: &str) -> Result<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|e| Error::broken(e.to_string()))?;
        let mut path = Zeroizing::new(String::new());
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN).map_err(Error::broken)?;
            }
        }
        Ok(Self { side: code.size() + 2 * MARGIN, path })
    }
}
