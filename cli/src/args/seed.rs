//! What may be made in numbers, to see how an installation behaves when it is old.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Seed {
    /// Make orders with their whole history, through the commands that real ones go through
    #[command(
        long_about = "Make orders with their whole history, through the commands that real ones go through: most are \
            delivered, some expired, cancelled, held, failed, refunded or disputed. Digests, payments and mails are \
            invented, nothing is stored or sent. The policies are kept away while it works and then moved past these \
            events, so nothing acts on them: stop `lobster serve` and `lobster worker` first. The same seed makes the same \
            orders: interrupted, run it again and it goes on. Use a home or a database of its own: the nightly comparison \
            with the payment vendor's books would name every invented payment. Refused in production.",
        after_help = "Example: lobster --home /tmp/old seed orders --count 10000"
    )]
    Orders {
        /// How many
        #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
        count: u64,
        /// Another seed makes other orders
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Orders made at the same time
        #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=64))]
        concurrency: u32,
    },
}
