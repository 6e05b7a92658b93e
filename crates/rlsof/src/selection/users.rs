//! Users (`-u`).

use sockcore::id::Uid;

use super::Mark;

/// The users that are asked for and those that are shut out.
#[derive(Debug, Default)]
pub(crate) struct Users(pub(crate) Vec<User>);

/// One user of a list.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) uid: Uid,
    /// Where it was typed as a login name.
    pub(crate) login: Option<Vec<u8>>,
    pub(crate) excludes: bool,
    pub(crate) mark: Mark,
}

impl Users {
    /// Whether any user is asked for.
    pub(super) fn selects(&self) -> bool {
        self.0.iter().any(|user| !user.excludes)
    }

    pub(super) fn excludes(&self, uid: Uid) -> bool {
        self.entry(uid).is_some_and(|user| user.excludes)
    }

    /// Whether the user is asked for, which marks it.
    pub(super) fn find(&self, uid: Uid) -> bool {
        match self.entry(uid) {
            Some(user) if !user.excludes => {
                user.mark.set();
                true
            }
            _ => false,
        }
    }

    fn entry(&self, uid: Uid) -> Option<&User> {
        self.0.iter().find(|user| user.uid == uid)
    }
}
