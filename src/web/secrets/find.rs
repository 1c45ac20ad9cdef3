//! GET /secrets/find: what the search box shows below itself while somebody types. Without script the box is a form that
//! leads to /secrets, and so does this address when it is opened by itself.
use crate::domain::rules::printable;
use crate::environments::Place;
use crate::secrets::{self, Filter, Secret};
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::encoded;
use crate::web::page::{Answer, html, see_other};
use crate::web::views::secrets::{FoundPart, Hit};
use serde::Deserialize;

const MOST: u32 = 8;

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct FindQuery {
    q: String,
}

pub async fn find(user: CurrentUser, ValidQuery(query): ValidQuery<FindQuery>) -> Answer {
    let q = printable(&query.q);
    let words = encoded(&q);
    let all_href = format!("/secrets?q={words}");
    if !user.partial {
        return see_other(&all_href);
    }
    let places = user.places().await?;
    let environments = places.iter().map(|place| place.environment.id).collect();
    let filter = Filter { environments, q: q.clone(), limit: MOST, ..Filter::default() };
    let page = if q.is_empty() { None } else { Some(secrets::list(&user.app, &filter).await?) };
    let is_more = page.as_ref().is_some_and(|page| page.next.is_some());
    let items = page.map(|page| page.items).unwrap_or_default();
    html(&FoundPart { q, all_href, is_more, hits: items.iter().filter_map(|s| hit(s, places)).collect() })
}

fn hit(secret: &Secret, places: &[Place]) -> Option<Hit> {
    let place = places.iter().find(|place| place.environment.id == secret.environment_id)?;
    let other = Some(&secret.display_name).filter(|text| **text != secret.name);
    let service = Some(&secret.service_name).filter(|text| !text.is_empty());
    let about: Vec<&str> = other.into_iter().chain(service).map(String::as_str).collect();
    Some(Hit {
        id: secret.id,
        name: secret.name.clone(),
        env: (&place.environment).into(),
        about: about.join(" · "),
    })
}
