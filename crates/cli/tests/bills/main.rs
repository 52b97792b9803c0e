//! Bills from the command line, against a platform of bytes.

#[cfg(test)]
mod books;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod statements;
