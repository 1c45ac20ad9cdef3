//! Identity providers: whom Keeper believes about people, and what their groups open here. One may be configured
//! (`KEEPER_SAML_…`), others are an admin's; sign-in sees no difference (`Known`). With them Keeper's own keys in the protocol.
mod configured;
mod grants;
mod input;
mod keys;
mod known;
mod read;
mod refresh;
mod rewrap;
mod row;
mod save;
mod terms;
mod troubles;

pub use configured::{NAME as CONFIGURED, Unusable, open};
pub use grants::Grant;
pub use input::ProviderInput;
pub use keys::{
    Key, KeyState, list as own_keys, make as make_key, may_make as may_make_key, remove as remove_key,
    service_keys, signing_key, use_next,
};
pub use known::{
    Known, Shown, all_see_signatures, by_entity_id, by_id, by_name, demand_active, metadata_of, shown,
};
pub use refresh::{refresh, refresh_now};
pub use rewrap::{SERVICE_KEYS, wrapped_service_keys};
pub use row::{Provider, find, grants_of, list};
pub use save::{create, delete, demand_to_open, set_active, update};
pub use troubles::{all_troubles, configured_troubles, troubles};
