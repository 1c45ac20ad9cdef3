//! A form in parts: its texts, and the bytes of its file or of what was pasted. Both may be values.
use super::error::Failure;
use crate::domain::error::Error;
use crate::domain::plaintext::Plaintext;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use std::collections::HashMap;

#[derive(Default)]
pub struct Upload {
    texts: HashMap<String, String>,
    pub file_name: String,
    pub file: Option<Plaintext>,
    pub pasted: Option<Plaintext>,
}

impl Upload {
    pub fn text(&self, name: &str) -> String {
        self.texts.get(name).cloned().unwrap_or_default()
    }

    async fn take(&mut self, field: Field<'_>) -> Option<()> {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "file" => {
                field.file_name().unwrap_or_default().clone_into(&mut self.file_name);
                self.file = Some(Plaintext::new(field.bytes().await.ok()?.to_vec()));
            }
            "pasted" => self.pasted = Some(Plaintext::new(field.bytes().await.ok()?.to_vec())),
            _ if self.texts.len() < 20 => {
                let text = field.text().await.ok()?;
                self.texts.entry(name).or_insert(text);
            }
            _ => {}
        }
        Some(())
    }
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let not_read =
            || Error::invalid("", "the form could not be read: open the page again and send it from there");
        let mut parts = Multipart::from_request(request, state).await.map_err(|_| not_read())?;
        let mut upload = Self::default();
        while let Some(field) = parts.next_field().await.map_err(|_| not_read())? {
            upload.take(field).await.ok_or_else(not_read)?;
        }
        Ok(upload)
    }
}
