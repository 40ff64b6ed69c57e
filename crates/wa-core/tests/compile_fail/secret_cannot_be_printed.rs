use wa_core::types::Pin;

fn main() {
    let pin = Pin::new("012345").unwrap();
    println!("{pin}");
}
