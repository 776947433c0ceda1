package dev.tidepool.master;

/** What became of a reload: the receipt, or the reason why the old generation serves on. */
record Verdict(boolean done, String text) {}
