//! What was made of stored things: kept by a thing's id, for as long as its serial number is the same, so that it is made once
//! and not for each question.
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

type Kept = (i64, Arc<dyn Any + Send + Sync>);

#[derive(Default)]
pub struct Memo(RwLock<HashMap<(TypeId, i64), Kept>>);

impl Memo {
    /// What was made of it, if it has not changed since.
    pub fn get<T: Any + Send + Sync>(&self, id: i64, serial: i64) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (made_of, made) = kept.get(&(TypeId::of::<T>(), id))?;
        if *made_of == serial { made.clone().downcast().ok() } else { None }
    }

    pub fn put<T: Any + Send + Sync>(&self, id: i64, serial: i64, made: &Arc<T>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert((TypeId::of::<T>(), id), (serial, made.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_there_until_its_source_changes() {
        let memo = Memo::default();
        memo.put(1, 7, &Arc::new("seven"));
        memo.put(1, 7, &Arc::new(7_u8));
        assert_eq!(memo.get::<&str>(1, 7).as_deref(), Some(&"seven"));
        assert_eq!(memo.get::<u8>(1, 7).as_deref(), Some(&7));
        assert!(memo.get::<&str>(1, 8).is_none() && memo.get::<&str>(2, 7).is_none());
        memo.put(1, 8, &Arc::new("eight"));
        assert_eq!(memo.get::<&str>(1, 8).as_deref(), Some(&"eight"));
        assert!(memo.get::<&str>(1, 7).is_none());
    }
}
