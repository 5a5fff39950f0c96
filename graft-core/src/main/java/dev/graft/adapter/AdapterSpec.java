package dev.graft.adapter;

/** What an adapter is made of. */
public sealed interface AdapterSpec permits LoraSpec {}
