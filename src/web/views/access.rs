//! /secrets/{id}/access: who could read the value, and who did.
use super::parts::{Badge, Pager, Shell, Tab, When};
use super::secrets::SecretHead;
use askama::Template;

#[derive(Template)]
#[template(path = "secrets/access.html", blocks = ["results"])]
pub struct AccessPage {
    pub shell: Shell,
    pub secret: SecretHead,
    /// What each reveal asks for beside the right to it.
    pub asks: &'static str,
    /// Who could; everybody.
    pub tabs: Vec<Tab>,
    pub readers: Vec<ReaderRow>,
    pub readers_pager: Pager,
    pub reads: Vec<ReadRow>,
    pub reads_pager: Pager,
}

pub struct ReaderRow {
    pub name: String,
    pub username: String,
    pub role: &'static str,
    pub reach: Badge,
    pub why: &'static str,
}

pub struct ReadRow {
    pub who: String,
    /// "Version 3", "Version 3 to production/db"
    pub what: String,
    pub reason: String,
    pub result: Badge,
    pub when: When,
}
