/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.store.GivenUp;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a failure, fit to be stored, logged and shown: bounded, and without
 * what looks like a secret. What a broker or its client says can hold anything; rather
 * too much is hidden than too little.
 */
public final class FailureText {

	private static final String HIDDEN = "***";

	private static final int LONGEST_INPUT = 16_000;

	private static final int DEEPEST_CAUSE = 8;

	private static final int MOST_FRAMES = 30;

	private static final int LONGEST_END = 500;

	private static final Pattern PRIVATE_KEY = Pattern
		.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)", Pattern.DOTALL);

	/**
	 * The last at sign of a word ends the password, which may hold others.
	 */
	private static final Pattern URL_PASSWORD = Pattern
		.compile("(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*+://[^\\s:/@?#]*:)[^\\s\"'<>]*@", Pattern.CASE_INSENSITIVE);

	/**
	 * A token in the place of the user, without a password.
	 */
	private static final Pattern URL_USER = Pattern.compile("(?<![a-z0-9+.-])(https?+://)[^\\s:/@?#\"'<>]++@",
			Pattern.CASE_INSENSITIVE);

	/**
	 * What follows these is secret up to the end of the line.
	 */
	private static final Pattern LINE = Pattern
		.compile("\\b(authorization|cookie)((?:\\\\*[\"'])?\\s*[:=]\\s*)[^\\r\\n]+", Pattern.CASE_INSENSITIVE);

	private static final Pattern SCHEME = Pattern.compile(
			"\\b(bearer|basic|digest|negotiate|apikey|sharedaccesssignature)\\s+[^\\s\"',]{6,}",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern OPTION = Pattern.compile(
			"(--?(?:password|pass|token|secret)\\s+|\\b(?:pass|pw|sig)\\s*[:=]\\s*)[^\\s,;&]+",
			Pattern.CASE_INSENSITIVE);

	/**
	 * As Oracle's tools write it.
	 */
	private static final Pattern USER_SLASH_PASSWORD = Pattern.compile("(?<![\\w/])(\\w++/)[^\\s/@]++(?=@\\w)");

	private static final Pattern TOKEN = Pattern
		.compile("\\bAKIA[0-9A-Z]{16}\\b|\\b(?:gh[opsur]_|github_pat_|xox[abprs]-|glpat-)[\\w-]{4,}+"
				+ "|(?<![\\w-])eyJ[\\w-]++\\.[\\w-]++\\.?[\\w-]*+");

	/**
	 * Begins at the beginning of a word, so that a long word is walked once. A name, what
	 * separates it from its value, and the value: quoted, however often the quotes were
	 * escaped on the way, or up to the next separator.
	 */
	private static final Pattern NAMED = Pattern.compile(
			"(?<![\\w.-])([\\w.-]*(?:password|passwd|passphrase|pwd|secret|token|credential|signature|session[_-]?id"
					+ "|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key)[\\w.-]*+)"
					+ "((?:\\\\*[\"'])?\\s*[:=]\\s*)"
					+ "(?:(?<q>\\\\*[\"']).*?(?:(?<!\\\\)\\k<q>|\\z)|[^\\s,;&)}\\]\"']+)",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * What differs between two failures of the same cause.
	 */
	private static final Pattern VARIABLE = Pattern
		.compile("'[^']*'|\"[^\"]*\"|\\b[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,})*+\\b|@[0-9a-fA-F]+\\b|\\d+");

	private FailureText() {
	}

	/**
	 * Returns an error as every database can store it.
	 * @param failure what a transport said of it
	 * @return what may be stored, logged and shown of it
	 */
	public static String error(SendFailure failure) {
		return error(failure.kind() + ": " + failure.message());
	}

	/**
	 * Returns an error as every database can store it.
	 * @param message what somebody said of it
	 * @return what may be stored, logged and shown of it
	 */
	public static String error(String message) {
		try {
			return error(message, "");
		}
		catch (RuntimeException | StackOverflowError ex) {
			return "The failure cannot be described: " + ex.getClass().getName();
		}
	}

	/**
	 * Returns an error as every database can store it.
	 * @param end what must not be cut off
	 */
	static String error(String message, String end) {
		String last = cut(harmless(end), LONGEST_END);
		return cut(harmless(message), GivenUp.LONGEST_ERROR - last.length()) + last;
	}

	/**
	 * Returns why an event is given up. Whatever a failure consists of, this does not
	 * fail: an event that cannot be given up would hold up all others.
	 * @param failure what a transport said of the last attempt
	 * @param end what the error is to end with, and is not cut off
	 * @param attemptFailed whether the last attempt is to be counted
	 * @param blockKey whether later events of the key wait for an operator
	 * @param forward whether the event is to go to the dead-letter topic
	 * @return what is to be stored of it
	 */
	public static GivenUp givenUp(SendFailure failure, String end, boolean attemptFailed, boolean blockKey,
			boolean forward) {
		try {
			return new GivenUp(error(failure.kind() + ": " + failure.message(), end),
					fingerprint(failure.kind(), failure.message(), failure.cause()), stackTrace(failure.cause()),
					attemptFailed, blockKey, forward);
		}
		catch (RuntimeException | StackOverflowError ex) {
			String plain = failure.kind() + ": the failure cannot be described (" + ex.getClass().getName() + ")";
			return new GivenUp(plain, fingerprint(failure.kind(), "", null), null, attemptFailed, blockKey, forward);
		}
	}

	/**
	 * Returns where a failure came from.
	 */
	static @Nullable String stackTrace(@Nullable Throwable cause) {
		if (cause == null) {
			return null;
		}
		StringBuilder text = new StringBuilder();
		Throwable next = cause;
		for (int depth = 0; next != null && depth < DEEPEST_CAUSE && text.length() < LONGEST_INPUT; depth++) {
			text.append((depth == 0) ? "" : "Caused by: ").append(describe(next)).append('\n');
			Stream.of(next.getStackTrace())
				.limit(MOST_FRAMES)
				.forEach((frame) -> text.append("\tat ").append(frame).append('\n'));
			next = next.getCause();
		}
		return cut(harmless(text.toString()), GivenUp.LONGEST_STACK_TRACE);
	}

	/**
	 * An exception of somebody else may fail to say what it is.
	 */
	private static String describe(Throwable failure) {
		try {
			return failure.toString();
		}
		catch (RuntimeException ex) {
			return failure.getClass().getName();
		}
	}

	/**
	 * Returns what failures of the same cause have in common.
	 */
	static String fingerprint(FailureKind kind, String message, @Nullable Throwable cause) {
		StringBuilder common = new StringBuilder(kind.name());
		Throwable next = cause;
		for (int depth = 0; next != null && depth < DEEPEST_CAUSE; depth++) {
			common.append('\n').append(next.getClass().getName());
			next = next.getCause();
		}
		common.append('\n')
			.append(VARIABLE.matcher(harmless(message)).replaceAll("?").toLowerCase(Locale.ROOT).strip());
		byte[] hash = sha256().digest(common.toString().getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(hash, 0, 8);
	}

	private static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	private static String harmless(String said) {
		String text = cut(said, LONGEST_INPUT).replace('\0', ' ');
		text = PRIVATE_KEY.matcher(text).replaceAll(HIDDEN);
		text = URL_PASSWORD.matcher(text).replaceAll("$1" + HIDDEN + "@");
		text = URL_USER.matcher(text).replaceAll("$1" + HIDDEN + "@");
		text = LINE.matcher(text).replaceAll("$1$2" + HIDDEN);
		text = OPTION.matcher(text).replaceAll("$1" + HIDDEN);
		text = USER_SLASH_PASSWORD.matcher(text).replaceAll("$1" + HIDDEN);
		text = SCHEME.matcher(text).replaceAll("$1 " + HIDDEN);
		text = NAMED.matcher(text).replaceAll("$1$2" + HIDDEN);
		return TOKEN.matcher(text).replaceAll(HIDDEN);
	}

	/**
	 * Cuts a text between two characters, never within one.
	 */
	private static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
	}

}
