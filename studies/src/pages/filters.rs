//! The few words that templates add to Tera's own.

use tera::{Kwargs, State, Tera, Value};

pub fn register(tera: &mut Tera) {
    tera.register_filter("css", |text: &str, _: Kwargs, _: &State| Value::safe_string(&css_string(text)));
    tera.register_filter("court", |text: &str, _: Kwargs, _: &State| short(text));
}

/// The inside of a CSS string in a `<style>` element: nothing in it can end the string, nor the element.
fn css_string(text: &str) -> String {
    text.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { format!("\\{:06x}", u32::from(c)) }).collect()
}

/// First characters of a digest or of an identifier.
fn short(text: &str) -> String {
    text.chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::css_string;

    #[test]
    fn a_name_cannot_leave_its_string() {
        // A blank after an escape would be eaten: blanks are escaped as well.
        assert_eq!(css_string("1. L’Haÿ"), "1\\00002e\\000020L\\002019Haÿ");
        let hostile = css_string("\"}</style><script>");
        assert!(!hostile.contains(['"', '}', '<', '>', '/']), "{hostile}");
    }
}
