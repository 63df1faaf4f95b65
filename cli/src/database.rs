//! The database of this installation: the configured server, or the private cluster.

use infra::{cluster::Cluster, config::Place};

/// An open database. A private cluster that this process started is stopped by [`Database::close`].
pub struct Database {
    pub url: String,
    cluster: Option<Cluster>,
}

impl Database {
    /// Finds the database, starting the private cluster when nothing else is configured.
    ///
    /// # Errors
    /// When the cluster cannot be made or started; the message says what to do.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        if let Some(url) = &place.database_url {
            return Ok(Self { url: url.reveal().to_owned(), cluster: None });
        }
        let cluster = Cluster::open(&place.home).await?;
        for remark in &cluster.remarks {
            eprintln!("note: {remark}");
        }
        Ok(Self { url: cluster.url(), cluster: Some(cluster) })
    }

    /// Whether another process holds the private cluster: it is serving.
    #[must_use]
    pub fn is_guest(&self) -> bool {
        self.cluster.as_ref().is_some_and(|cluster| !cluster.is_owner())
    }

    /// Leaves the database as it was found.
    ///
    /// # Errors
    /// When the private cluster does not stop.
    pub async fn close(self) -> anyhow::Result<()> {
        match self.cluster {
            Some(cluster) => cluster.close().await,
            None => Ok(()),
        }
    }
}
