//! /settings/service-accounts: what programs act as, and their tokens.
mod active;
mod form;
mod index;
mod show;
mod token;

pub use active::{ask_off, off, on};
pub use form::{create, edit, new, save};
pub use index::index;
pub use show::show;
pub use token::{make as make_token, revoke as revoke_token};

use crate::kit::clock::Utc;
use crate::people::services::{Account, Token};
use crate::web::views::parts::Badge;

const HOME: &str = "/settings/service-accounts";

fn state(account: &Account) -> Badge {
    match (account.is_active, account.owner_is_active) {
        (true, true) => Badge::of("current").saying("On"),
        (true, false) => Badge::of("failed").saying("Owner disabled"),
        (false, _) => Badge::of("withdrawn").saying("Off"),
    }
}

fn token_state(token: &Token, now: Utc) -> Badge {
    match token.revoked_at {
        Some(_) => Badge::of("withdrawn").saying("Revoked"),
        None if token.ends_soon(now) => Badge::of("expiring").saying("Ends soon"),
        None if token.is_live(now) => Badge::of("current").saying("In use"),
        None => Badge::of("expired").saying("Ended"),
    }
}
