/** What runs spent: measured as they go, carried with what they make, added up over a chain. */
package dev.graft.ledger;
