use std::fmt;

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

impl Region {
    /// The region's name in English, where it is a listed one.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        self.about().map(|(name, _)| name)
    }

    /// The part of the world it lies in, where it is a listed one.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        self.about().map(|(_, area)| area)
    }

    fn about(&self) -> Option<(&'static str, Area)> {
        Some(match self {
            Self::AU => ("Australia", Area::AsiaPacific),
            Self::ID => ("Indonesia", Area::AsiaPacific),
            Self::IN => ("India", Area::AsiaPacific),
            Self::JP => ("Japan", Area::AsiaPacific),
            Self::SG => ("Singapore", Area::AsiaPacific),
            Self::KR => ("South Korea", Area::AsiaPacific),
            Self::DE => ("European Union (Germany)", Area::Europe),
            Self::CH => ("Switzerland", Area::Europe),
            Self::GB => ("United Kingdom", Area::Europe),
            Self::BR => ("Brazil", Area::LatinAmerica),
            Self::BH => ("Bahrain", Area::MiddleEastAndAfrica),
            Self::ZA => ("South Africa", Area::MiddleEastAndAfrica),
            Self::AE => ("United Arab Emirates", Area::MiddleEastAndAfrica),
            Self::CA => ("Canada", Area::NorthAmerica),
            Self::Other(_) => return None,
        })
    }
}

/// A part of the world, as Meta groups the storage regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Area {
    /// APAC.
    AsiaPacific,
    /// Europe.
    Europe,
    /// LATAM.
    LatinAmerica,
    /// MEA.
    MiddleEastAndAfrica,
    /// NORAM.
    NorthAmerica,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AsiaPacific => "Asia-Pacific",
            Self::Europe => "Europe",
            Self::LatinAmerica => "Latin America",
            Self::MiddleEastAndAfrica => "Middle East and Africa",
            Self::NorthAmerica => "North America",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourteen_regions_have_a_name_and_an_area() {
        assert_eq!(Region::LISTED.len(), 14);
        assert!(Region::LISTED.iter().all(|region| region.name().is_some() && region.area().is_some()));
        assert_eq!(Region::from("ch").name(), Some("Switzerland"));
        assert_eq!(Region::ZA.area(), Some(Area::MiddleEastAndAfrica));
    }

    #[test]
    fn an_unlisted_region_is_kept_without_a_name() {
        let region = Region::from("US");
        assert_eq!((region.as_str(), region.name(), region.area()), ("US", None, None));
    }
}
