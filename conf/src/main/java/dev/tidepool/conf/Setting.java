package dev.tidepool.conf;

/**
 * One effective setting, as {@code tidepool config} shows it.
 *
 * @param key without the root, such as {@code workers.count}
 * @param value as HOCON on one line, such as {@code "10 s"} or {@code ["/"]}
 * @param origin {@code file: line}, {@code --set}, {@code environment} or {@code default}
 */
public record Setting(String key, String value, String origin) {}
