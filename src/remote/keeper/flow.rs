//! An answer that is read piece by piece, as long as it may be.
use super::said::Trouble;
use crate::remote::http;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use std::time::Duration;

/// Longer than a page of an export takes to be made.
const PIECE: Duration = Duration::from_secs(90);

pub struct Flow {
    who: String,
    response: Response,
    last: u8,
}

impl Flow {
    /// `None`: it is of another kind.
    pub(super) fn of(who: String, response: Response, kind: &str) -> Option<Self> {
        let told = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
        told.eq_ignore_ascii_case(kind).then_some(Self { who, response, last: 0 })
    }

    /// What breaks off is told as such: a part is not taken for the whole.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let piece = http::piece(&self.who, &mut self.response, PIECE).await;
        let piece = piece.map_err(|e| Trouble::Away(format!("{e}: what came is not all of it")))?;
        // It may go to a terminal, and no Keeper sends a sign that a terminal obeys.
        if piece.iter().flatten().any(|byte| self.is_sign(*byte)) {
            return Err(Trouble::Away(format!("{} gave an answer that makes no sense", self.who)));
        }
        Ok(piece.map(|piece| piece.to_vec()))
    }

    /// A control of ASCII, or the second byte of one from U+0080 to U+009F.
    fn is_sign(&mut self, byte: u8) -> bool {
        let last = std::mem::replace(&mut self.last, byte);
        (byte.is_ascii_control() && !b"\t\r\n".contains(&byte))
            || (last == 0xc2 && (0x80..=0x9f).contains(&byte))
    }
}
