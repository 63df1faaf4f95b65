//! Many leaves to one hash, and each such hash to the one before: whoever keeps the last keeps them all.
//!
//! The root of one leaf is the leaf. The root of more is `SHA-256(0x01 ‖ root(left) ‖ root(right))`, the left part being
//! the largest power of two smaller than their number (as in RFC 6962). The head after a seal is
//! `SHA-256(head before ‖ root ‖ first position ‖ last position)`, positions as signed 64-bit big-endian; before the
//! first seal it is 32 zero bytes.

use sha2::{Digest as _, Sha256};

use super::leaf::Hash;

/// The head before anything was sealed.
pub(super) const GENESIS: Hash = [0; 32];

/// The Merkle root of a batch; `None` for an empty one.
pub(super) fn root(leaves: &[Hash]) -> Option<Hash> {
    match leaves {
        [] => None,
        [leaf] => Some(*leaf),
        more => {
            let half = more.len().next_power_of_two() / 2;
            let (left, right) = more.split_at(half);
            let mut hasher = Sha256::new_with_prefix([1]);
            hasher.update(root(left)?);
            hasher.update(root(right)?);
            Some(hasher.finalize().into())
        }
    }
}

/// The head after a batch.
pub(super) fn link(before: &Hash, root: &Hash, first: i64, last: i64) -> Hash {
    let mut hasher = Sha256::new_with_prefix(before);
    hasher.update(root);
    hasher.update(first.to_be_bytes());
    hasher.update(last.to_be_bytes());
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn node(left: Hash, right: Hash) -> Hash {
        Sha256::digest([&[1_u8][..], &left, &right].concat()).into()
    }

    #[test]
    fn five_leaves_hang_as_four_and_one() {
        let [a, b, c, d, e] = [1, 2, 3, 4, 5].map(|n| [n; 32]);
        assert_eq!(root(&[a, b, c, d, e]), Some(node(node(node(a, b), node(c, d)), e)));
        assert_eq!(root(&[]), None);
    }

    proptest! {
        #[test]
        fn any_change_of_a_batch_changes_its_root(
            leaves in prop::collection::vec(any::<Hash>(), 1..40), at in any::<prop::sample::Index>(), bit in 0_usize..256,
        ) {
            let base = root(&leaves);
            let mut flipped = leaves.clone();
            at.get_mut(&mut flipped)[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(base, root(&flipped));
            prop_assert_ne!(base, root(&leaves[1..]));
            let mut turned = leaves.clone();
            turned.rotate_left(1);
            prop_assert!(turned == leaves || base != root(&turned));
        }

        #[test]
        fn a_head_depends_on_all_it_is_made_of(before in any::<Hash>(), batch in any::<Hash>(), first in 1_i64..1_000_000) {
            let base = link(&before, &batch, first, first + 9);
            prop_assert_ne!(base, link(&batch, &before, first, first + 9));
            prop_assert_ne!(base, link(&before, &batch, first - 1, first + 9));
            prop_assert_ne!(base, link(&before, &batch, first, first + 8));
        }
    }
}
