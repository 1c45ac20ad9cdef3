//! GET /secrets: find a secret. Filters and sort stay in the address.
use crate::domain::enums::{Backend, SecrecyLevel, SecretType, SyncStatus};
use crate::domain::error::{Error, Result};
use crate::environments::{self, Act, Place, Verdict};
use crate::kit::clock::Utc;
use crate::kit::page::{self, Cursor};
use crate::secrets::{self, Due, Filter, Secret, Sort};
use crate::web::convert::{due_badge, expiry_badge, type_label};
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::{choices, part_or_page};
use crate::web::page::Answer;
use crate::web::views::parts::{Badge, Chip, Choice, Pager, SortHead, Tab, When};
use crate::web::views::secrets::{Due as DueView, Filters, Heads, IndexPage, SecretRow};
use serde::{Deserialize, Serialize};

/// Takes one filter off.
type Without = fn(&mut ListQuery);

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct ListQuery {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) environment: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) q: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    level: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tag: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) due: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) active: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) sort: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) after: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limit: Option<u32>,
}

pub async fn index(user: CurrentUser, ValidQuery(query): ValidQuery<ListQuery>) -> Answer {
    let places = environments::visible(&user.app, &user.actor).await?;
    let filter = query.filter(&places)?;
    let page = secrets::list(&user.app, &filter).await?;
    let mut shell = user.shell("secrets", "Secrets").await?;
    shell.search.clone_from(&query.q);
    let now = user.app.now();
    let rows: Vec<SecretRow> = page.items.iter().filter_map(|secret| row(secret, &places, now)).collect();
    let next = page.next.map(|key| query.with(|q| q.after = key));
    let previous = page.previous.map(|key| query.with(|q| q.before = key));
    // Beyond either end there is nothing: the way back is the first page.
    let is_beyond = rows.is_empty() && !(query.after.is_empty() && query.before.is_empty());
    let previous = if is_beyond { Some(query.with(|_| ())) } else { previous };
    let view = IndexPage {
        shell,
        sub: if query.q.is_empty() {
            "In every environment whose door is open to you.".to_owned()
        } else {
            format!("Matching “{}”.", query.q)
        },
        is_part: user.partial,
        new_href: query.new_href(&user, &places),
        tabs: query.tabs(),
        filters: query.choices(&places),
        chips: query.chips(&places),
        empty: query.empty(&places),
        heads: query.heads(),
        pager: Pager { note: query.note(rows.len()), previous, next },
        rows,
    };
    part_or_page(&user, &view, &view.as_results())
}

/// What people search for holds no control characters, and PostgreSQL takes no NUL.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect::<String>().trim().to_owned()
}

/// A parameter that is set, read as its enumeration.
fn read<T: std::str::FromStr>(field: &str, text: &str) -> Result<Option<T>>
where
    T::Err: std::fmt::Display,
{
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|e: T::Err| Error::invalid(field, &e.to_string()))
}

impl ListQuery {
    fn filter(&self, places: &[Place]) -> Result<Filter> {
        let wanted: Option<i64> = read("environment", &self.environment)?;
        let open = places
            .iter()
            .map(|place| place.environment.id)
            .filter(|id| wanted.is_none_or(|wanted| wanted == *id));
        let due = match self.due.as_str() {
            "" => None,
            "overdue" => Some(Due::Overdue),
            "soon" => Some(Due::Soon),
            "expiring" => Some(Due::Expiring),
            _ => return Err(Error::invalid("due", "must be one of overdue, soon, expiring")),
        };
        let sort = match self.sort.as_str() {
            "" | "name" => Sort::Name,
            "updated" => Sort::Updated,
            "due" => Sort::Due,
            _ => return Err(Error::invalid("sort", "must be one of name, updated, due")),
        };
        Ok(Filter {
            environments: open.collect(),
            q: printable(&self.q),
            secret_type: read::<SecretType>("type", &self.kind)?,
            level: read::<SecrecyLevel>("level", &self.level)?,
            status: read::<SyncStatus>("status", &self.status)?,
            tag: printable(&self.tag),
            due,
            active: match self.active.as_str() {
                "" | "true" => None,
                "false" => Some(false),
                _ => return Err(Error::invalid("active", "must be one of true, false")),
            },
            sort,
            cursor: Cursor::read(&printable(&self.after), &printable(&self.before)),
            limit: page::limit(self.limit),
        })
    }

    /// The address of this list with something changed; paging starts anew.
    pub(super) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut other = self.clone();
        (other.after, other.before) = Default::default();
        change(&mut other);
        format!("/secrets?{}", serde_html_form::to_string(&other).unwrap_or_default())
            .trim_end_matches('?')
            .to_owned()
    }

    fn tabs(&self) -> Vec<Tab> {
        let tab = |label, due: &str, active: &str| Tab {
            label,
            href: self.with(|q| (q.due, q.active) = (due.to_owned(), active.to_owned())),
            current: self.due == due && self.active == active,
            count: None,
        };
        vec![
            tab("All", "", ""),
            tab("Overdue", "overdue", ""),
            tab("Expiring", "expiring", ""),
            tab("Switched off", "", "false"),
        ]
    }

    fn heads(&self) -> Heads {
        let head = |label, sort: &str, order| {
            let on = self.sort == sort || (self.sort.is_empty() && sort == "name");
            SortHead {
                label,
                href: self.with(|q| sort.clone_into(&mut q.sort)),
                order: if on { order } else { "" },
            }
        };
        Heads {
            name: head("Name", "name", "ascending"),
            due: head("Rotation", "due", "ascending"),
            changed: head("Changed", "updated", "descending"),
        }
    }

    fn choices(&self, places: &[Place]) -> Filters {
        let due = [("overdue", "Overdue"), ("soon", "Due in 14 days"), ("expiring", "Expiring in 30 days")];
        Filters {
            q: self.q.clone(),
            tag: self.tag.clone(),
            active: self.active.clone(),
            sort: self.sort.clone(),
            limit: self.limit.map(|limit| limit.to_string()).unwrap_or_default(),
            environment: environments_choices(places, &self.environment),
            kind: choices(SecretType::ALL, SecretType::as_str, |t| type_label(t).to_owned(), &self.kind),
            level: choices(SecrecyLevel::ALL, SecrecyLevel::as_str, SecrecyLevel::label, &self.level),
            status: choices(SyncStatus::ALL, SyncStatus::as_str, SyncStatus::label, &self.status),
            due: due
                .map(|(value, label)| Choice {
                    value: value.into(),
                    label: label.into(),
                    help: String::new(),
                    on: self.due == value,
                })
                .to_vec(),
        }
    }

    fn chips(&self, places: &[Place]) -> Vec<Chip> {
        let environment = places.iter().find(|p| p.environment.id.to_string() == self.environment);
        let environment = environment.map_or(self.environment.clone(), |p| p.environment.name.clone());
        // The tabs name the other two views.
        let due = if self.due == "soon" { "due in 14 days" } else { "" };
        let all: [(String, Without); 7] = [
            (self.q.clone(), |q| q.q.clear()),
            (environment, |q| q.environment.clear()),
            (self.kind.replace('_', " "), |q| q.kind.clear()),
            (self.level.clone(), |q| q.level.clear()),
            (self.status.replace('_', " "), |q| q.status.clear()),
            (self.tag.clone(), |q| q.tag.clear()),
            (due.to_owned(), |q| q.due.clear()),
        ];
        all.into_iter()
            .filter(|(label, _)| !label.is_empty())
            .map(|(label, without)| Chip { href: self.with(without), label })
            .collect()
    }

    fn note(&self, rows: usize) -> String {
        let secrets = if rows == 1 { "secret" } else { "secrets" };
        let left_out = if self.sort == "due" { "; without a rotation date they are left out" } else { "" };
        format!("{rows} {secrets} on this page{left_out}")
    }

    /// Where a new secret is made: in the environment that is looked at, if that is allowed. `None`: nowhere.
    fn new_href(&self, user: &CurrentUser, places: &[Place]) -> Option<String> {
        let may = |p: &&Place| p.may(&user.actor, Act::Change, SecrecyLevel::Internal) == Verdict::Yes;
        let mut open = places.iter().filter(may).peekable();
        open.peek()?;
        let here = open.find(|p| p.environment.id.to_string() == self.environment);
        Some(
            here.map_or("/secrets/new".to_owned(), |p| {
                format!("/secrets/new?environment={}", p.environment.id)
            }),
        )
    }
}

pub fn environments_choices(places: &[Place], on: &str) -> Vec<Choice> {
    let choice = |p: &Place| {
        let value = p.environment.id.to_string();
        Choice { on: value == on, value, label: p.environment.name.clone(), help: String::new() }
    };
    places.iter().map(choice).collect()
}

fn row(secret: &Secret, places: &[Place], now: Utc) -> Option<SecretRow> {
    let place = places.iter().find(|place| place.environment.id == secret.environment_id)?;
    let due = due_badge(secret, now);
    let text = match secret.next_rotation_at {
        Some(at) => When::relative(at, now).text,
        None => "No rotation".to_owned(),
    };
    Some(SecretRow {
        id: secret.id,
        name: secret.name.clone(),
        display_name: secret.display_name.clone(),
        type_label: type_label(secret.secret_type),
        tags: secret.tag_map().iter().take(2).map(|(key, value)| format!("{key}={value}")).collect(),
        env: (&place.environment).into(),
        service: secret.service_name.clone(),
        level: secret.secrecy_level.as_str(),
        sync: Badge::of(secret.sync_status().as_str()),
        sync_note: sync_note(secret),
        due: DueView { badge: due, text },
        expires: expiry_badge(secret, now),
        changed: When::relative(secret.updated_at, now),
        is_active: secret.is_active,
    })
}

/// Which backends the status speaks of: "AWS, Vault", or the one that is the worst.
fn sync_note(secret: &Secret) -> String {
    let overall = secret.sync_status();
    let names = |backend: &Backend| match backend {
        Backend::Aws => "AWS",
        Backend::Vault => "Vault",
    };
    let those: Vec<&str> = Backend::ALL
        .iter()
        .filter(|b| secret.status_of(**b) == overall && overall != SyncStatus::NotConfigured)
        .map(names)
        .collect();
    those.join(", ")
}
