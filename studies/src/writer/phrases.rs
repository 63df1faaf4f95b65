//! Sentences of each kind of block, by rank of fullness; within a rank all say as much.

use domain::fact::ScopeKind;
use narrative::BlockKind;

use super::Wording;
use super::gap::gap;
use super::level::level;
use super::subject::Subject;
use super::trend::trend;

/// Ranks of wordings, the fullest first.
pub fn ranks(kind: BlockKind, subjects: &[Subject<'_>]) -> Vec<Vec<Wording>> {
    match kind {
        BlockKind::Title => {
            let titled =
                |subject| [claimed_titles(subject), vec![titles(subject), vec![short_title(subject)]]].concat();
            subjects.iter().flat_map(titled).collect()
        }
        BlockKind::Lede => paired(subjects, ledes, aside),
        BlockKind::Text => paired(subjects, comments, comments),
        BlockKind::Keep => kept(subjects),
    }
}

/// Titles that say which way and how high, then above what, then that nothing sets the commune apart.
fn claimed_titles(subject: &Subject<'_>) -> Vec<Vec<Wording>> {
    let (cap, own) = (subject.name.upper(), subject.own());
    let mut striking = vec![];
    let mut middling = vec![];
    if let Some(way) = trend(subject) {
        let (noun, size) = (way.noun, &way.size);
        striking.push(Wording { text: format!("{cap} est {noun} de {size}"), claims: vec![way.claim] });
    }
    for level in level(subject) {
        let predicate = &level.predicate;
        let (is_middle, claims) = (level.is_middle(), vec![level.claim]);
        if is_middle {
            middling.push(Wording { text: format!("{cap} {predicate}, à {own}"), claims });
        } else {
            striking.push(Wording {
                text: format!("Avec {own}, {} {predicate}", subject.name.lower()),
                claims: claims.clone(),
            });
            striking.push(Wording { text: format!("{cap} {predicate}, à {own}"), claims });
        }
    }
    let mut compared = vec![];
    if let Some(gap) = gap(subject, 1) {
        if let Some((exceeds, claim)) = gap.first.exceeds(subject.name.that()) {
            compared.push(Wording { text: format!("{cap}, {own}, {exceeds}"), claims: vec![claim] });
        }
        let phrase = &gap.phrase;
        compared.push(Wording { text: format!("{cap}, {own}, est à un niveau {phrase}"), claims: gap.claims });
    }
    vec![striking, compared, middling]
}

fn titles(subject: &Subject<'_>) -> Vec<Wording> {
    let (home, of) = subject.home();
    let (the, cap, own) = (subject.name.lower(), subject.name.upper(), subject.own());
    let texts = [
        format!("Dans {home}, {the} est de {own}"),
        format!("{cap} s’établit à {own} dans {home}"),
        format!("{cap} {of} est de {own}"),
        format!("À l’échelle {of}, {the} est de {own}"),
    ];
    texts.into_iter().map(Wording::plain).collect()
}

/// For names that leave no room to say where.
fn short_title(subject: &Subject<'_>) -> Wording {
    let (the, cap, own) = (subject.name.lower(), subject.name.upper(), subject.own());
    Wording::plain(match subject.own.scope.kind {
        ScopeKind::Com => format!("{cap} est de {own}"),
        ScopeKind::Epci => format!("Dans l’EPCI, {the} est de {own}"),
        _ => format!("{cap} {} est de {own}", subject.home().1),
    })
}

/// Ways to say one subject, the fullest rank first.
type Ways = fn(&Subject<'_>) -> Vec<Vec<Wording>>;

/// Each subject in turn, beside each other one, then alone; what asserts more comes first.
fn paired(subjects: &[Subject<'_>], first: Ways, second: Ways) -> Vec<Vec<Wording>> {
    let mut ranks = vec![];
    for (at, subject) in subjects.iter().enumerate() {
        let openings = first(subject);
        for opening in &openings {
            let others = subjects.iter().enumerate().filter(|(other, _)| *other != at);
            for rank in others.flat_map(|(_, other)| second(other)) {
                let both = opening.iter().enumerate().filter_map(|(turn, sentence)| {
                    // Another turn than the first sentence: two alike in a row would tire.
                    let more = rank.get((turn + 1) % rank.len().max(1))?;
                    Some(sentence.followed_by(more))
                });
                ranks.push(both.collect());
            }
        }
        ranks.extend(openings);
    }
    ranks
}

fn ledes(subject: &Subject<'_>) -> Vec<Vec<Wording>> {
    let (home, of) = subject.home();
    let (the, cap, own, beside) = (subject.name.lower(), subject.name.upper(), subject.own(), subject.beside());
    let mut ranks = vec![];
    for most in [2, 1] {
        let Some(gap) = gap(subject, most) else { continue };
        let phrase = &gap.phrase;
        let texts = [
            format!("{cap} {of} est de {own}, un niveau {phrase}."),
            format!("Dans {home}, {the} s’établit à {own}, niveau {phrase}."),
            format!("Avec {own}, {the} {of} est à un niveau {phrase}."),
        ];
        ranks.push(texts.into_iter().map(|text| Wording { text, claims: gap.claims.clone() }).collect());
    }
    ranks.push(
        [
            format!("Dans {home}, {the} est de {beside}."),
            format!("{cap} {of} est de {beside}."),
            format!("{cap} s’établit dans {home} à {beside}."),
            format!("Les données publiées situent {the} {of} à {beside}."),
            format!("Pour {home}, {the} ressort à {beside}."),
        ]
        .into_iter()
        .map(Wording::plain)
        .collect(),
    );
    ranks
}

/// A second figure, in passing.
fn aside(subject: &Subject<'_>) -> Vec<Vec<Wording>> {
    let (cap, own) = (subject.name.upper(), subject.own());
    let mut texts = vec![format!("{cap} y est de {own}."), format!("{cap} y ressort à {own}.")];
    // A change is no height that is reached.
    if !subject.own.signed {
        texts.push(format!("{cap} y atteint {own}."));
    }
    vec![texts.into_iter().map(Wording::plain).collect()]
}

fn comments(subject: &Subject<'_>) -> Vec<Vec<Wording>> {
    let (home, of) = subject.home();
    let (the, cap, own, among) = (subject.name.lower(), subject.name.upper(), subject.own(), subject.among());
    let mut claimed = vec![];
    for level in level(subject) {
        let (predicate, median) = (&level.predicate, &level.median);
        let texts = if level.is_middle() {
            [format!("Avec {own}, {the} {of} {predicate}{median}."), format!("{cap} {of}, {own}, {predicate}{median}.")]
        } else {
            [format!("{cap} {of} {predicate}, à {own}{median}."), format!("À {own}, {the} {of} {predicate}{median}.")]
        };
        claimed.extend(texts.map(|text| Wording { text, claims: vec![level.claim.clone()] }));
    }
    if let Some(way) = trend(subject) {
        let (noun, size) = (way.noun, &way.size);
        claimed.push(Wording { text: format!("{cap} {of} est {noun} de {size}."), claims: vec![way.claim] });
    }
    let plain = [
        format!("À l’échelle {of}, {the} est de {among}."),
        format!("{cap} observé{} dans {home} est de {among}.", subject.name.agreement()),
        format!("Pour {home}, {the} s’établit à {among}."),
    ];
    vec![claimed, plain.into_iter().map(Wording::plain).collect()]
}

/// The first three in one sentence, or fewer.
fn kept(subjects: &[Subject<'_>]) -> Vec<Vec<Wording>> {
    let listed = |count: usize| {
        let parts: Vec<String> = subjects
            .iter()
            .take(count)
            .enumerate()
            .map(|(at, subject)| {
                let verb = if at == 0 { " est" } else { "" };
                format!("{}{verb} de {}", subject.name.lower(), subject.own())
            })
            .collect();
        let (home, of) = subjects.first()?.home();
        let (last, first) = parts.split_last()?;
        let list = if first.is_empty() { last.clone() } else { format!("{} et {last}", first.join(", ")) };
        let texts = [
            format!("En bref, à l’échelle {of}, {list}."),
            format!("Repères communaux : {list}."),
            format!("Pour {home}, retenir que {list}."),
        ];
        Some(texts.into_iter().map(Wording::plain).collect())
    };
    [3, 2, 1].into_iter().filter_map(listed).collect()
}
