//! Users (`-u`).

use sockcore::id::Uid;

use super::Mark;

/// The users that are asked for and those that are shut out.
#[derive(Debug, Default)]
pub(crate) struct Users(pub(crate) Vec<User>);

/// One user of a list.
#[derive(Debug)]
pub(crate) struct User {
    /// `None`: larger than any user's number.
    pub(crate) uid: Option<Uid>,
    /// As typed.
    pub(crate) text: Vec<u8>,
    /// It was typed as a login name.
    pub(crate) is_login: bool,
    pub(crate) excludes: bool,
    pub(crate) mark: Mark,
}

impl User {
    /// Whether it is the same user.
    pub(crate) fn is(&self, uid: Option<Uid>, text: &[u8]) -> bool {
        self.uid == uid && (uid.is_some() || self.text == text)
    }
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
        self.0.iter().find(|user| user.uid == Some(uid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(uid: Option<u32>, excludes: bool) -> User {
        User {
            uid: uid.map(Uid),
            text: b"x".to_vec(),
            is_login: false,
            excludes,
            mark: Mark::default(),
        }
    }

    #[test]
    fn a_user_is_found_once_it_was_asked_about() {
        let users = Users(vec![
            user(Some(5), false),
            user(Some(6), true),
            user(None, false),
        ]);
        assert!(users.selects());
        assert!(users.find(Uid(5)) && !users.find(Uid(6)) && !users.find(Uid(7)));
        assert!(users.excludes(Uid(6)) && !users.excludes(Uid(5)));
        let marks = users.0.iter().map(|user| user.mark.is_set());
        assert_eq!(marks.collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn exclusions_alone_ask_for_nobody() {
        assert!(!Users(vec![user(Some(6), true)]).selects());
    }
}
