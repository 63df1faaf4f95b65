//! That one leaf is under a root, with as many hashes as the tree is deep (RFC 6962, section 2.1.1).

use sha2::{Digest as _, Sha256};

use super::chain;
use super::leaf::Hash;

/// The siblings on the way from leaf `index` up to the root of `leaves`, lowest first; `None` when there is no such leaf.
pub(super) fn path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let (mut part, mut index, mut path) = (leaves, index, Vec::new());
    while part.len() > 1 {
        let (left, right) = part.split_at(part.len().next_power_of_two() / 2);
        let (mine, other) = if index < left.len() { (left, right) } else { (right, left) };
        if index >= left.len() {
            index -= left.len();
        }
        path.push(chain::root(other)?);
        part = mine;
    }
    path.reverse();
    Some(path)
}

/// The root that `leaf` has as number `index` of `size` leaves, by its path; `None` when path and numbers do not fit.
pub(super) fn root_of(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let (mut at, mut last) = (index, size.checked_sub(1)?);
    if at > last {
        return None;
    }
    let mut hash = leaf;
    for sibling in path {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            hash = node(sibling, &hash);
            // Alone at the right edge: it rises without a sibling.
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = node(&hash, sibling);
        }
        (at, last) = (at / 2, last / 2);
    }
    (last == 0).then_some(hash)
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new_with_prefix([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_at_no_other_place() {
        for size in 1..=70_u8 {
            let leaves: Vec<Hash> = (0..size).map(|n| [n; 32]).collect();
            let root = chain::root(&leaves);
            for index in 0..usize::from(size) {
                let path = path(&leaves, index).unwrap();
                assert!(path.len() <= 7);
                for claimed in 0..u64::from(size) {
                    let proved = root_of(leaves[index], claimed, u64::from(size), &path) == root;
                    assert_eq!(proved, claimed == index as u64, "leaf {index} as {claimed} of {size}");
                }
            }
            assert_eq!(path(&leaves, usize::from(size)), None);
        }
    }

    proptest! {
        #[test]
        fn a_changed_bit_of_leaf_or_path_proves_nothing(
            leaves in prop::collection::vec(any::<Hash>(), 2..200), at in any::<prop::sample::Index>(),
            step in any::<prop::sample::Index>(), bit in 0_usize..256,
        ) {
            let (index, size, root) = (at.index(leaves.len()), leaves.len() as u64, chain::root(&leaves));
            let proof = path(&leaves, index).unwrap();
            prop_assert_eq!(root_of(leaves[index], index as u64, size, &proof), root);
            let mut leaf = leaves[index];
            leaf[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(root_of(leaf, index as u64, size, &proof), root);
            let mut changed = proof.clone();
            step.get_mut(&mut changed)[bit / 8] ^= 1 << (bit % 8);
            prop_assert_ne!(root_of(leaves[index], index as u64, size, &changed), root);
            prop_assert_ne!(root_of(leaves[index], index as u64, size, &proof[1..]), root);
        }
    }
}
