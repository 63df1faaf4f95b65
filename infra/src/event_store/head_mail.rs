//! The signed head of the day, mailed to the owner: a copy that neither the database nor the bucket can take back.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use domain::ports::{Mail, Mailer};
use sqlx::PgPool;
use uuid::Uuid;

use super::heads::{HeadError, SignedHead, signed_heads};

/// Space of the mails' keys.
const MAILS: Uuid = Uuid::from_u128(0x5e1f_0c1e_8d3b_4c55_9a07_2f6d_b1c3_7e42);

/// Whom heads are mailed to.
pub struct HeadPost {
    pub mailer: Arc<dyn Mailer>,
    /// The owner's address.
    pub to: String,
}

/// Mails the newest head when none was mailed this day (UTC) and it is news; answers whether it was.
///
/// # Errors
/// When mail or database fail; the head is then mailed at the next look. The key of the mail is that of the day, so that
/// the vendor drops the second one when only our note of the first was lost.
pub async fn mail_head(pool: &PgPool, post: &HeadPost, now: DateTime<Utc>) -> Result<bool, HeadError> {
    let today = now.date_naive();
    let news: Option<i64> = sqlx::query_scalar(
        "SELECT position FROM es.signed_head
         WHERE position = (SELECT max(position) FROM es.signed_head) AND mailed_at IS NULL
           AND NOT EXISTS (SELECT FROM es.signed_head WHERE mailed_at >= $1)",
    )
    .bind(today.and_time(NaiveTime::MIN).and_utc())
    .fetch_optional(pool)
    .await?;
    let Some(position) = news else { return Ok(false) };
    let heads = signed_heads(pool).await?;
    let Some(head) = heads.iter().find(|head| head.position == position) else { return Ok(false) };
    let key = Uuid::new_v5(&MAILS, today.to_string().as_bytes());
    post.mailer.send(&letter(head, &post.to, key)?).await.map_err(HeadError::Mail)?;
    sqlx::query("UPDATE es.signed_head SET mailed_at = $2 WHERE position = $1 AND mailed_at IS NULL")
        .bind(position)
        .bind(now)
        .execute(pool)
        .await?;
    Ok(true)
}

fn letter(head: &SignedHead, to: &str, key: Uuid) -> Result<Mail, HeadError> {
    let signed_at = head.signed_at.format("%d/%m/%Y à %H:%M:%S UTC");
    let json = serde_json::to_string_pretty(head)?;
    let before = format!(
        "Le journal de LObsTer a été signé le {signed_at}, en position {}.\n\
         Conservez ce message\u{a0}: le texte entre accolades est la tête signée. Enregistré dans un fichier, il permet de \
         prouver plus tard que le journal n’a pas été réécrit.",
        head.position
    );
    let after = "lobster es consistency fichier.json";
    Ok(Mail {
        key,
        to: to.to_owned(),
        subject: format!("LObsTer\u{a0}: tête signée du journal, position {}", head.position),
        text: format!("{before}\n\n{json}\n\nPour comparer\u{a0}: {after}\n"),
        // Numbers, hexadecimal digits and our own words: nothing in here has to be escaped.
        html: format!(
            "<!doctype html><html lang=\"fr\"><body><p>{}</p><pre>{json}</pre><p>Pour comparer\u{a0}: \
             <code>{after}</code></p></body></html>",
            before.replace('\n', "<br>")
        ),
        tag: "tete-signee",
    })
}
