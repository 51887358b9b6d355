//! Reads a history of orders from a CSV file, plain or compressed with gzip.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use csv::ByteRecord;
use thiserror::Error;

use super::history::{History, Recorder};

/// Why a file of orders can't be read.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file is missing or can't be opened.
    #[error("{file}: {cause}. Check the path and that the file may be read")]
    Open {
        /// Which file.
        file: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A line isn't CSV.
    #[error("{file}, line {line}: {cause}. Mend this line or leave it out")]
    Csv {
        /// Which file.
        file: PathBuf,
        /// Which line, counted from 1.
        line: u64,
        /// What the parser said.
        cause: csv::Error,
    },
    /// The first line doesn't name a column that is needed.
    #[error(
        "{file}, line 1: no column `{column}`. Name the columns customer, product, time and quantity; there is: {found}"
    )]
    Column {
        /// Which file.
        file: PathBuf,
        /// The column that was looked for.
        column: &'static str,
        /// The columns that are there.
        found: String,
    },
    /// A time can't be understood.
    #[error("{file}, line {line}: `{value}` is no time. Write it like 2011-10-01 08:26:00 or 2011-10-01")]
    Time {
        /// Which file.
        file: PathBuf,
        /// Which line, counted from 1.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// A quantity isn't a number.
    #[error("{file}, line {line}: `{value}` is no quantity. Write a number, or nothing for 1")]
    Quantity {
        /// Which file.
        file: PathBuf,
        /// Which line, counted from 1.
        line: u64,
        /// What stands there.
        value: String,
    },
}

/// What was read, and what was left out.
#[derive(Debug)]
pub struct Loaded {
    /// The purchases.
    pub history: History,
    /// Lines left out because their quantity is zero or less (returns, corrections).
    pub returns: usize,
    /// Lines left out because they name no customer or no product.
    pub nameless: usize,
}

/// Reads `customer, product, time[, quantity][, order]` in any sequence; common other names are understood.
///
/// Lines of returns and lines without a customer are left out and counted.
pub fn load(file: &Path) -> Result<Loaded, LoadError> {
    let opened = |cause| LoadError::Open { file: file.to_owned(), cause };
    let mut input = open(file).map_err(opened)?;
    let delimiter = delimiter(input.fill_buf().map_err(opened)?);
    read(file, csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input))
}

fn open(file: &Path) -> std::io::Result<BufReader<Box<dyn Read>>> {
    let mut plain = BufReader::new(File::open(file)?);
    let zipped = plain.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    let input: Box<dyn Read> =
        if zipped { Box::new(flate2::bufread::MultiGzDecoder::new(plain)) } else { Box::new(plain) };
    Ok(BufReader::with_capacity(1 << 16, input))
}

/// Whatever there is most of in the first line.
fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |&mark: &u8| line.iter().filter(|&&byte| byte == mark).count();
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn read<R: Read>(file: &Path, mut rows: csv::Reader<R>) -> Result<Loaded, LoadError> {
    let torn = |cause: csv::Error| LoadError::Csv {
        file: file.to_owned(),
        line: cause.position().map_or(1, csv::Position::line),
        cause,
    };
    let columns = Columns::find(file, rows.byte_headers().map_err(torn)?)?;
    let (mut recorder, mut returns, mut nameless) = (Recorder::default(), 0, 0);
    let mut row = ByteRecord::new();
    while rows.read_byte_record(&mut row).map_err(torn)? {
        let line = row.position().map_or(0, csv::Position::line);
        let text = |column: usize| String::from_utf8_lossy(row.get(column).unwrap_or_default()).trim().to_owned();
        let (customer, product) = (text(columns.customer), text(columns.product));
        let written = columns.quantity.map(text).unwrap_or_default();
        let Some(quantity) = quantity(&written) else {
            return Err(LoadError::Quantity { file: file.to_owned(), line, value: written });
        };
        if quantity <= 0 {
            returns += 1;
        } else if customer.is_empty() || product.is_empty() {
            nameless += 1;
        } else {
            let written = text(columns.time);
            let Some(time) = seconds(&written) else {
                return Err(LoadError::Time { file: file.to_owned(), line, value: written });
            };
            let order = columns.order.map(text).filter(|name| !name.is_empty());
            recorder.add(&customer, &product, order.as_deref(), time, u32::try_from(quantity).unwrap_or(u32::MAX));
        }
    }
    Ok(Loaded { history: recorder.finish(), returns, nameless })
}

/// Where in a line each value stands.
struct Columns {
    customer: usize,
    product: usize,
    time: usize,
    quantity: Option<usize>,
    order: Option<usize>,
}

impl Columns {
    fn find(file: &Path, header: &ByteRecord) -> Result<Self, LoadError> {
        let names: Vec<String> = header.iter().map(plain).collect();
        let optional = |aliases: &[&str]| aliases.iter().find_map(|alias| names.iter().position(|name| name == alias));
        let needed = |column: &'static str, aliases: &[&str]| {
            let found = || String::from_utf8_lossy(&header.iter().collect::<Vec<_>>().join(&b", "[..])).into_owned();
            optional(aliases).ok_or_else(|| LoadError::Column { file: file.to_owned(), column, found: found() })
        };
        Ok(Self {
            customer: needed("customer", &["customer", "customerid", "user", "userid", "visitorid"])?,
            product: needed("product", &["product", "productid", "stockcode", "sku", "item", "itemid", "movieid"])?,
            time: needed("time", &["time", "timestamp", "date", "datetime", "invoicedate", "orderdate", "createdat"])?,
            quantity: optional(&["quantity", "qty"]),
            order: optional(&["order", "orderid", "invoice", "invoiceno", "ordernumber", "transactionid"]),
        })
    }
}

/// A column's name without case, spaces, marks and a byte order mark.
fn plain(name: &[u8]) -> String {
    let letters = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect()
}

/// A whole number or a decimal one (rounded away from zero, so that half a metre is a purchase); nothing is 1.
fn quantity(written: &str) -> Option<i64> {
    if written.is_empty() {
        return Some(1);
    }
    let number: f64 = written.parse().ok()?;
    // A float's cast saturates: what is beyond the range stays the largest number.
    number.is_finite().then(|| (number.signum() * number.abs().ceil()) as i64)
}

/// A time or a date as seconds since 1970; without a zone it is UTC.
///
/// ISO 8601 with a blank or a `T`, RFC 3339, a date alone, `12/1/2010 8:26` (month first) and Unix seconds are understood.
pub fn seconds(written: &str) -> Option<i64> {
    if let Ok(zoned) = DateTime::parse_from_rfc3339(written) {
        return Some(zoned.timestamp());
    }
    const TIMES: [&str; 6] = [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
        "%m/%d/%Y %H:%M",
        "%m/%d/%Y %H:%M:%S",
    ];
    if let Some(time) = TIMES.iter().find_map(|form| NaiveDateTime::parse_from_str(written, form).ok()) {
        return Some(time.and_utc().timestamp());
    }
    if let Some(date) = ["%Y-%m-%d", "%m/%d/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(written, form).ok()) {
        return Some(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp());
    }
    written.parse().ok().filter(|&seconds: &i64| (0..1 << 40).contains(&seconds))
}

/// The day of a time, like 2011-10-01.
pub fn day(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Loaded, Path, delimiter, plain, quantity, read, seconds};

    fn parsed(text: &str) -> Result<Loaded, String> {
        let mut rows = csv::ReaderBuilder::new();
        let rows = rows.delimiter(delimiter(text.as_bytes())).flexible(true).from_reader(text.as_bytes());
        read(Path::new("orders.csv"), rows).map_err(|error| error.to_string())
    }

    #[test]
    fn orders_are_read_under_the_names_of_several_shops_and_returns_left_out() {
        let table = [
            "customer,product,time,quantity\nann,tea,2011-10-01,2\nann,tea,2011-10-02,-2\n,tea,2011-10-01,1\n",
            "InvoiceNo;StockCode;Quantity;InvoiceDate;CustomerID\n1;tea;2;2011-10-01 00:00:00;ann\nC2;tea;-1;x;ann\n1;;1;x;ann\n",
            "Time\tUSER_ID\tsku\tQty\n1317427200\tann\ttea\t2\n0\tann\ttea\t0\n0\t\ttea\t\n",
        ];
        for text in table {
            let loaded = parsed(text).expect(text);
            let purchases = loaded.history.purchases();
            assert_eq!((purchases.len(), loaded.returns, loaded.nameless), (1, 1, 1), "{text}");
            assert_eq!((purchases[0].time, purchases[0].quantity), (1_317_427_200, 2), "{text}");
            assert_eq!(
                (loaded.history.customers(), loaded.history.products()),
                (&["ann".into()][..], &["tea".into()][..])
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_the_file_and_the_line() {
        let table = [
            ("customer,time\n", "orders.csv, line 1: no column `product`"),
            ("customer,product,time\na,b,2011-10-01\na,b,soon\n", "orders.csv, line 3: `soon` is no time"),
            ("customer,product,time,quantity\na,b,2011-10-01,many\n", "orders.csv, line 2: `many` is no quantity"),
            ("customer,product,time\na,b\n", "orders.csv, line 2: `` is no time"),
            ("", "orders.csv, line 1: no column `customer`"),
        ];
        for (text, expected) in table {
            let said = parsed(text).err().unwrap_or_default();
            assert!(said.starts_with(expected), "{text}: {said}");
        }
    }

    #[test]
    fn times_are_read_in_every_usual_form() {
        let moment = Some(1_317_457_560);
        let table = [
            ("2011-10-01 08:26:00", moment),
            ("2011-10-01T08:26:00Z", moment),
            ("2011-10-01T10:26:00+02:00", moment),
            ("2011-10-01T08:26:00.25", moment),
            ("2011-10-01 08:26", moment),
            ("10/1/2011 8:26", moment),
            ("1317457560", moment),
            ("2011-10-01", Some(1_317_427_200)),
            ("yesterday", None),
            ("-5", None),
            ("", None),
        ];
        for (written, expected) in table {
            assert_eq!(seconds(written), expected, "{written}");
        }
    }

    #[test]
    fn quantities_and_columns_are_read_as_people_write_them() {
        for (written, expected) in [
            ("", Some(1)),
            ("3", Some(3)),
            ("-2", Some(-2)),
            ("0.5", Some(1)),
            ("0", Some(0)),
            ("x", None),
            ("NaN", None),
        ] {
            assert_eq!(quantity(written), expected, "{written}");
        }
        assert_eq!(plain("\u{feff}Order ID".as_bytes()), "orderid");
        assert_eq!([b"a;b;c,d\n".as_slice(), b"a\tb", b"a"].map(delimiter), [b';', b'\t', b',']);
    }
}
