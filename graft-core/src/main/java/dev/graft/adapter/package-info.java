/** Adapters: what they are, which modules they go to, and their files in PEFT's format. */
package dev.graft.adapter;
