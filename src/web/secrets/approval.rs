//! What a form of a change of a value says of another person's approval: on the pages of rotate, restore and promote.
use crate::environments::Way;
use crate::secrets::Found;
use crate::web::extract::CurrentUser;
use crate::web::views::rotate::Approval;

pub fn approval(user: &CurrentUser, found: &Found) -> Option<Approval> {
    let Way::Ask(why) = found.way(&user.actor) else { return None };
    let may_break = found.place.demand_glass(&user.actor, found.secret.secrecy_level).is_ok();
    Some(Approval { why, may_break })
}
