//! Local doubles of the five outside services; shares no parsing code with infra.
