//! GET /environments/compare: two environments side by side, by name and digest. No value is opened.
use crate::domain::enums::SecrecyLevel;
use crate::domain::error::{Error, Result};
use crate::environments::{Place, Verdict};
use crate::rotations;
use crate::secrets::{Asked, Likeness, Pair, Show, Side, Sides, side_by_side};
use crate::web::extract::{CurrentUser, ValidQuery};
use crate::web::forms::part_or_page;
use crate::web::page::{Answer, weight};
use crate::web::secrets::index::environments_choices;
use crate::web::secrets::show::size;
use crate::web::views::parts::{Badge, Choice, Pager};
use crate::web::views::sides::{ComparePage, PairRow, SideView, SidesView};
use serde::{Deserialize, Serialize};

const PAGE: usize = 50;
const SHOWS: [(&str, &str, Show); 3] = [
    ("differs", "Different values", Show::Differs),
    ("missing", "In one only", Show::Missing),
    ("equal", "Equal values", Show::Equal),
];

#[derive(Deserialize, Serialize, Default, Clone)]
#[serde(default)]
pub struct CompareQuery {
    left: String,
    right: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    show: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

pub async fn show(user: CurrentUser, ValidQuery(query): ValidQuery<CompareQuery>) -> Answer {
    let places = user.places().await?;
    let show = query.shown()?;
    let sides = match (query.left.parse(), query.right.parse()) {
        (Ok(left), Ok(right)) if left != right => {
            let asked =
                Asked { left, right, show, after: query.after.replace(char::is_control, ""), limit: PAGE };
            Some(side_by_side(&user.app, &user.actor, &asked).await?)
        }
        _ => None,
    };
    let louder = |sides: &Sides| {
        let (left, right) = (&sides.left.environment, &sides.right.environment);
        weight(if left.is_production || right.stage < left.stage { left } else { right })
    };
    let view = ComparePage {
        shell: user.shell("environments", "Compare environments").await?,
        stage: sides.as_ref().map_or("", louder),
        left: environments_choices(places, &query.left),
        right: environments_choices(places, &query.right),
        show: query.shows(),
        result: sides.map(|sides| result(&user, &query, sides)),
    };
    part_or_page(&user, &view, &view.as_results())
}

impl CompareQuery {
    fn shown(&self) -> Result<Show> {
        match SHOWS.iter().find(|(word, ..)| *word == self.show) {
            Some((.., show)) => Ok(*show),
            None if self.show.is_empty() => Ok(Show::All),
            None => Err(Error::invalid("show", "must be one of differs, missing, equal")),
        }
    }

    fn shows(&self) -> Vec<Choice> {
        let choice = |(word, label, _): &(&str, &str, Show)| Choice {
            value: (*word).to_owned(),
            label: (*label).to_owned(),
            help: String::new(),
            on: self.show == *word,
        };
        SHOWS.iter().map(choice).collect()
    }

    fn with(&self, after: String) -> String {
        let other = Self { after, ..self.clone() };
        format!("/environments/compare?{}", serde_html_form::to_string(&other).unwrap_or_default())
    }
}

fn result(user: &CurrentUser, query: &CompareQuery, sides: Sides) -> SidesView {
    let Sides { left, right, page } = sides;
    let rows: Vec<PairRow> = page.items.into_iter().map(|pair| row(user, pair, &left, &right)).collect();
    SidesView {
        pager: Pager {
            note: format!("{} names on this page", rows.len()),
            previous: (!query.after.is_empty()).then(|| query.with(String::new())),
            next: page.next.map(|after| query.with(after)),
        },
        empty: match (query.show.as_str(), query.after.is_empty()) {
            (_, false) => "Nothing further in this stretch of names.",
            ("", _) => "Neither of the two holds an active secret.",
            ("differs", _) => "No name stands in both with different values.",
            ("missing", _) => "Every name stands in both.",
            _ => "No name stands in both with equal values.",
        },
        rows,
        left: (&left.environment).into(),
        right: (&right.environment).into(),
    }
}

fn row(user: &CurrentUser, pair: Pair, left: &Place, right: &Place) -> PairRow {
    let only =
        |place: &Place| Badge::of("not_configured").saying(format!("Only in {}", place.environment.name));
    let state = match (pair.likeness(), &pair.left) {
        (Some(Likeness::Equal), _) => Badge::of("equal"),
        (Some(_), _) => Badge::of("differs"),
        (None, Some(_)) => only(left),
        (None, None) => only(right),
    };
    let promote = pair.left.as_ref().filter(|_| pair.likeness() != Some(Likeness::Equal)).and_then(|from| {
        let there: Option<SecrecyLevel> = pair.right.as_ref().map(|there| there.level);
        let may = rotations::may_promote(&user.actor, left, from.level, right, there) == Verdict::Yes;
        may.then(|| format!("/secrets/{}/promote?to={}", from.id, right.environment.id))
    });
    PairRow {
        name: pair.name,
        state,
        promote,
        left: pair.left.as_ref().map(side),
        right: pair.right.as_ref().map(side),
    }
}

fn side(side: &Side) -> SideView {
    SideView {
        digest: side.digest().map(Into::into),
        id: side.id,
        version: side.version,
        size: size(side.length),
        level: side.level.as_str(),
    }
}
