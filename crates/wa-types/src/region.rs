use crate::open::open_enum;

open_enum! {
    /// Where a number's messages are stored at rest, if not in Meta's own data centres.
    Region {
        AU = "AU",
        ID = "ID",
        IN = "IN",
        JP = "JP",
        SG = "SG",
        KR = "KR",
        /// Stands for the European Union.
        DE = "DE",
        CH = "CH",
        GB = "GB",
        BR = "BR",
        BH = "BH",
        ZA = "ZA",
        AE = "AE",
        CA = "CA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Meta, "Local storage": fourteen regions.
    #[test]
    fn fourteen_regions_are_listed_and_any_other_is_kept() {
        assert_eq!(Region::LISTED.len(), 14);
        assert_eq!(Region::from("ch"), Region::CH);
        assert_eq!(Region::from("US").as_str(), "US");
    }
}
