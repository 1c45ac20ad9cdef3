//! The secrets whose names begin with a folder: `ListSecrets`, 100 at a time. The credentials need `secretsmanager:ListSecrets`,
//! which AWS grants for a whole account and region only.
use super::faults::fault;
use super::{Aws, WHO};
use crate::remote::error::RemoteError;
use crate::remote::http::within;
use crate::remote::listing::{Listing, folder};
use aws_sdk_secretsmanager::operation::list_secrets::ListSecretsOutput;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType};

const PAGE: i32 = 100;
/// The filter finds names that begin so without regard to what follows: there may be pages with none of ours.
const MOST_PAGES: usize = 500;

impl Aws {
    pub async fn list(&self, raw: &str, most: usize) -> Result<Listing, RemoteError> {
        let folder = folder(raw);
        let begin = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.resolve().await?;
        let (mut paths, mut next) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let page = within(WHO, self.page(&begin, next.take())).await?;
            let names = page.secret_list().iter().filter_map(|secret| secret.name());
            paths.extend(names.filter(|name| name.starts_with(&begin)).map(str::to_owned));
            next = page.next_token;
            if next.is_none() || paths.len() > most {
                break;
            }
        }
        Ok(Listing::of(paths, most, next.is_some()))
    }

    /// What is scheduled for deletion is not told.
    async fn page(&self, begin: &str, next: Option<String>) -> Result<ListSecretsOutput, RemoteError> {
        let mut ask = self.client.list_secrets().max_results(PAGE).set_next_token(next);
        if !begin.is_empty() {
            ask = ask.filters(Filter::builder().key(FilterNameStringType::Name).values(begin).build());
        }
        ask.send().await.map_err(|e| fault("ListSecrets", &e))
    }
}
