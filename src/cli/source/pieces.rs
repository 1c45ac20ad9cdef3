//! The text of an export, piece by piece: made here, or by another Keeper. The same rows are the same bytes.
use super::Source;
use crate::cli::exit::Stop;
use crate::cli::open;
use crate::environments;
use crate::remote::keeper::Flow;
use crate::secrets::{Export, ExportFormat, Filter};

pub enum Pieces {
    Here(Box<Export>),
    Far(Box<Flow>),
}

impl Pieces {
    /// No environment: all of them.
    pub async fn begin(source: Source, mut filter: Filter, format: ExportFormat) -> Result<Self, Stop> {
        match source {
            Source::Here(app) => {
                if filter.environments.is_empty() {
                    let places = environments::visible(&app, &open::operator()).await?;
                    filter.environments = places.iter().map(|place| place.environment.id).collect();
                }
                Ok(Self::Here(Box::new(Export::begin(app, open::operator(), filter, format).await?)))
            }
            Source::Far(keeper) => {
                let asked = query(&filter);
                let asked: Vec<(&str, &str)> = asked.iter().map(|(name, text)| (*name, &**text)).collect();
                let flow = keeper.export(format.as_str(), format.media_type(), &asked).await?;
                Ok(Self::Far(Box::new(flow)))
            }
        }
    }

    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        match self {
            Self::Here(export) => Ok(export.next().await?),
            Self::Far(flow) => Ok(flow.next().await?),
        }
    }
}

/// As an address of the API says it.
fn query(filter: &Filter) -> Vec<(&'static str, String)> {
    let ids: Vec<String> = filter.environments.iter().map(i64::to_string).collect();
    let spelled = [
        ("environment", Some(ids.join(","))),
        ("q", Some(filter.q.clone())),
        ("type", filter.secret_type.map(|kind| kind.to_string())),
        ("level", filter.level.map(|level| level.to_string())),
        ("status", filter.status.map(|status| status.to_string())),
        ("tag", Some(filter.tag.clone())),
        ("active", filter.active.map(|active| active.to_string())),
    ];
    let given = spelled.into_iter().filter_map(|(name, text)| Some((name, text?)));
    given.filter(|(_, text)| !text.is_empty()).collect()
}
