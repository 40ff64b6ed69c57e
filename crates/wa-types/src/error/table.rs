pub(super) static GROUPS: &[&[super::meaning::Meaning]] = &[];
