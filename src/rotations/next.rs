//! What comes next in a rotation that changes a source: decided from its journal alone, so that it is the same after a restart.
use super::row::{Step, StepKind};
use crate::domain::enums::StepStatus;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Change the credential at the source.
    Change,
    /// It was begun and nobody heard how it ended: ask the source.
    FindOut,
    /// Sign in there with the new value.
    Try,
    /// Put it in force in Keeper.
    Switch,
    /// Give the source its old credential back.
    Undo,
    /// Nothing outside holds the new value: end it as failed.
    GiveUp,
}

pub(super) fn next(is_undoing: bool, steps: &[Step]) -> Next {
    let status = |kind| steps.iter().find(|step| step.step == kind).map(|step| step.status);
    of(is_undoing, status(StepKind::Source), status(StepKind::Try))
}

fn of(is_undoing: bool, source: Option<StepStatus>, tried: Option<StepStatus>) -> Next {
    match (is_undoing, source) {
        // A change that is known to have failed has changed nothing.
        (true, Some(StepStatus::Running | StepStatus::Done)) => Next::Undo,
        (true, _) => Next::GiveUp,
        (false, Some(StepStatus::Running)) => Next::FindOut,
        (false, Some(StepStatus::Done)) if tried == Some(StepStatus::Done) => Next::Switch,
        (false, Some(StepStatus::Done)) => Next::Try,
        (false, _) => Next::Change,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StepStatus::{Done, Failed, Running, Skipped, Undone, Waiting};

    #[test]
    fn a_rotation_goes_on_where_its_journal_ends() {
        for (is_undoing, source, tried, expected) in [
            (false, Waiting, Waiting, Next::Change),
            (false, Running, Waiting, Next::FindOut),
            (false, Done, Waiting, Next::Try),
            (false, Done, Running, Next::Try),
            (false, Done, Done, Next::Switch),
            (true, Waiting, Waiting, Next::GiveUp),
            (true, Failed, Waiting, Next::GiveUp),
            (true, Running, Waiting, Next::Undo),
            (true, Done, Failed, Next::Undo),
            (true, Done, Running, Next::Undo),
            (true, Done, Done, Next::Undo),
            (true, Undone, Skipped, Next::GiveUp),
        ] {
            assert_eq!(
                of(is_undoing, Some(source), Some(tried)),
                expected,
                "{is_undoing} {source:?} {tried:?}"
            );
        }
    }
}
