//! What LObsTer decides and what it needs: pure aggregates, events, facts and ports. No I/O.
