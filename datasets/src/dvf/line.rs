//! One line of a delivery, whichever layout it was written in, with what tells sales and premises apart.

use chrono::{Datelike as _, NaiveDate};

use crate::digest::{Fault, hundredths};

/// A line, cells borrowed from whoever reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<'a> {
    /// Where it stands in the file.
    pub number: u64,
    /// Day of the sale.
    pub date: NaiveDate,
    /// Nature of the mutation, as written.
    pub nature: &'a str,
    /// Price of the whole mutation, in cents; repeated on each of its lines.
    pub price: Option<i64>,
    /// INSEE code of the commune, as published.
    pub commune: &'a str,
    /// Prefix, section and number of the parcel.
    pub parcel: &'a str,
    /// First lot.
    pub lot: &'a str,
    /// 1 house, 2 flat, 3 outbuilding, 4 business premises, 0 bare land.
    pub kind: u8,
    /// Built area, m².
    pub surface: Option<u32>,
    /// Main rooms.
    pub rooms: Option<u32>,
    /// Code of the culture of the land, empty when there is none.
    pub culture: &'a str,
    /// Area of the land, m².
    pub land: Option<u32>,
    /// Longitude and latitude as written, empty when unknown.
    pub point: (&'a str, &'a str),
}

/// The figures of a line, read from its cells.
pub struct Figures {
    price: Option<i64>,
    kind: u8,
    surface: Option<u32>,
    rooms: Option<u32>,
    land: Option<u32>,
}

impl Figures {
    /// Reads price, kind, surface, rooms and land, in this order.
    pub fn read([price, kind, surface, rooms, land]: [&str; 5]) -> Result<Self, Fault> {
        let whole = |cell: &str, reason| match hundredths(cell).map_err(|()| reason)? {
            Some(value) => u32::try_from((value + 50) / 100).map(Some).map_err(|_| reason),
            None => Ok(None),
        };
        Ok(Self {
            price: hundredths(price).map_err(|()| "prix illisible")?,
            kind: match kind {
                "" => 0,
                "1" => 1,
                "2" => 2,
                "3" => 3,
                "4" => 4,
                _ => return Err("type de local inconnu".into()),
            },
            surface: whole(surface, "surface illisible")?,
            rooms: whole(rooms, "nombre de pièces illisible")?,
            land: whole(land, "surface illisible")?,
        })
    }

    /// The line that these figures belong to.
    pub fn line<'a>(
        &self,
        number: u64,
        date: NaiveDate,
        nature: &'a str,
        place: (&'a str, &'a str, &'a str),
        culture: &'a str,
        point: (&'a str, &'a str),
    ) -> Line<'a> {
        let (Self { price, kind, surface, rooms, land }, (commune, parcel, lot)) = (self, place);
        Line {
            number,
            date,
            nature,
            price: *price,
            commune,
            parcel,
            lot,
            kind: *kind,
            surface: *surface,
            rooms: *rooms,
            culture,
            land: *land,
            point,
        }
    }
}

impl<'a> Line<'a> {
    /// Puts the line aside.
    pub fn write(&self, out: &mut Vec<u8>) {
        let optional = |value: Option<u32>| value.map_or(-1, i64::from);
        let date = i64::from(self.date.num_days_from_ce());
        let number = i64::try_from(self.number).unwrap_or(i64::MAX);
        let price = self.price.unwrap_or(-1);
        let (surface, rooms, land) = (optional(self.surface), optional(self.rooms), optional(self.land));
        for value in [number, date, price, i64::from(self.kind), surface, rooms, land] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        let (longitude, latitude) = self.point;
        for text in [self.nature, self.commune, self.parcel, self.lot, self.culture, longitude, latitude] {
            // A cell longer than this is no name, number or code of ours.
            let length = u16::try_from(text.len()).unwrap_or(0);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(&text.as_bytes()[..usize::from(length)]);
        }
    }

    /// Takes back the line at the beginning of `bytes`; `None` at their end.
    pub fn read(bytes: &mut &'a [u8]) -> Option<Self> {
        let mut number = || {
            let (value, rest) = bytes.split_first_chunk::<8>()?;
            *bytes = rest;
            Some(i64::from_le_bytes(*value))
        };
        let [at, date, price, kind, surface, rooms, land] =
            [number()?, number()?, number()?, number()?, number()?, number()?, number()?];
        let mut text = || {
            let (length, rest) = bytes.split_first_chunk::<2>()?;
            let (text, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
            *bytes = rest;
            std::str::from_utf8(text).ok()
        };
        Some(Self {
            number: u64::try_from(at).ok()?,
            date: NaiveDate::from_num_days_from_ce_opt(i32::try_from(date).ok()?)?,
            price: (price >= 0).then_some(price),
            kind: u8::try_from(kind).ok()?,
            surface: u32::try_from(surface).ok(),
            rooms: u32::try_from(rooms).ok(),
            land: u32::try_from(land).ok(),
            nature: text()?,
            commune: text()?,
            parcel: text()?,
            lot: text()?,
            culture: text()?,
            point: (text()?, text()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_put_aside_comes_back_as_it_was() {
        let figures = Figures::read(["130000,00", "2", "50", "", "0"]).unwrap();
        let date = NaiveDate::from_ymd_opt(2014, 1, 2).unwrap();
        let place = ("44109", "000MW0672", "16");
        let line = figures.line(7, date, "Vente en l’état", place, "", ("-1.55", "47.21"));
        let mut aside = Vec::new();
        line.write(&mut aside);
        line.write(&mut aside);
        let mut rest = aside.as_slice();
        assert_eq!(Line::read(&mut rest), Some(line));
        assert_eq!(Line::read(&mut rest), Some(line));
        assert_eq!(Line::read(&mut rest), None);
        assert_eq!((line.surface, line.rooms, line.land, line.price), (Some(50), None, Some(0), Some(13_000_000)));
    }

    #[test]
    fn a_cell_that_is_no_figure_rejects_its_line() {
        for (cells, reason) in [
            (["cher", "2", "50", "2", ""], "prix illisible"),
            (["1", "5", "50", "2", ""], "type de local inconnu"),
            (["1", "2", "grande", "2", ""], "surface illisible"),
            (["1", "2", "50", "deux", ""], "nombre de pièces illisible"),
        ] {
            assert!(matches!(Figures::read(cells), Err(Fault::Rejected(told)) if told == reason), "{cells:?}");
        }
    }
}
