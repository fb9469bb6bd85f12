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

package dev.outbox.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.deadletter.BulkChange;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.deadletter.Repair;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Events that were given up: shown to everybody who may use the endpoint, changed only
 * where its access is {@code unrestricted}. Payloads and headers are shown to those whom
 * {@link PayloadAccess} lets see them.
 */
@Endpoint(id = "outboxdeadletters", defaultAccess = Access.READ_ONLY)
@RegisterReflectionForBinding({ OutboxDeadLettersEndpoint.Page.class, DeadLetterGroup.class, BulkChange.class,
		Change.class, Requests.Refusal.class })
public final class OutboxDeadLettersEndpoint {

	private static final String GROUPS = "groups";

	private static final String BULK = "bulk";

	private static final int DEFAULT_RATE = 100;

	private final OperatedOutboxes outboxes;

	private final PayloadAccess payloads;

	/**
	 * Creates the endpoint.
	 * @param outboxes the outboxes of the application
	 * @param payloads who may see payloads
	 */
	public OutboxDeadLettersEndpoint(OperatedOutboxes outboxes, PayloadAccess payloads) {
		this.outboxes = outboxes;
		this.payloads = payloads;
	}

	/**
	 * Lists dead letters, oldest first.
	 * @param eventType logical type of the events
	 * @param key their key
	 * @param transport their transport
	 * @param destination their destination
	 * @param error a part of their error
	 * @param fingerprint fingerprint of their error
	 * @param diedFrom the first moment at which they died
	 * @param diedBefore the moment before which they died
	 * @param minAttempts how many attempts have failed at least
	 * @param after number of the last one already seen
	 * @param limit how many at most
	 * @param outbox name of the outbox, if there are several
	 * @return a page
	 */
	@ReadOperation
	public @Nullable Object list(@Nullable String eventType, @Nullable String key, @Nullable String transport,
			@Nullable String destination, @Nullable String error, @Nullable String fingerprint,
			@Nullable String diedFrom, @Nullable String diedBefore, @Nullable Integer minAttempts, @Nullable Long after,
			@Nullable Integer limit, @Nullable String outbox) {
		return Requests.answer(() -> page(
				filter(eventType, key, transport, destination, error, fingerprint, diedFrom, diedBefore, minAttempts),
				after, limit, outbox));
	}

	private Page page(DeadLetterFilter filter, @Nullable Long after, @Nullable Integer limit, @Nullable String outbox) {
		int most = Requests.limit(limit);
		List<DeadLetter> found = this.outboxes.get(outbox)
			.letters()
			.list(filter, Objects.requireNonNullElse(after, 0L), most);
		Long next = (found.size() == most) ? found.get(found.size() - 1).number() : null;
		return new Page(found.stream().map((letter) -> DeadLetterView.of(letter, false)).toList(), next);
	}

	/**
	 * Shows one dead letter, or with {@code groups} how many there are of each cause, or
	 * with {@code bulk} what has become of the last change of many on this instance.
	 * @param id number of the dead letter or id of its event, or one of these words
	 * @param eventType with {@code groups}: logical type of the events
	 * @param key with {@code groups}: their key
	 * @param transport with {@code groups}: their transport
	 * @param destination with {@code groups}: their destination
	 * @param error with {@code groups}: a part of their error
	 * @param fingerprint with {@code groups}: fingerprint of their error
	 * @param diedFrom with {@code groups}: the first moment at which they died
	 * @param diedBefore with {@code groups}: the moment before which they died
	 * @param minAttempts with {@code groups}: how many attempts have failed at least
	 * @param limit how many groups at most
	 * @param outbox name of the outbox, if there are several
	 * @param security who asks
	 * @return what was asked for, {@code null} if there is none
	 */
	@ReadOperation
	public @Nullable Object show(@Selector String id, @Nullable String eventType, @Nullable String key,
			@Nullable String transport, @Nullable String destination, @Nullable String error,
			@Nullable String fingerprint, @Nullable String diedFrom, @Nullable String diedBefore,
			@Nullable Integer minAttempts, @Nullable Integer limit, @Nullable String outbox, SecurityContext security) {
		return Requests.answer(() -> switch (id) {
			case GROUPS -> {
				DeadLetterFilter filter = filter(eventType, key, transport, destination, error, fingerprint, diedFrom,
						diedBefore, minAttempts);
				yield Map.of(GROUPS, this.outboxes.get(outbox).letters().groups(filter, Requests.limit(limit)));
			}
			case BULK -> this.outboxes.get(outbox).bulk().last().orElse(null);
			default -> one(id, outbox, security);
		});
	}

	private @Nullable DeadLetterView one(String id, @Nullable String outbox, SecurityContext security) {
		return find(this.outboxes.get(outbox).letters(), id)
			.map((letter) -> DeadLetterView.of(letter, this.payloads.isShown(security)))
			.orElse(null);
	}

	/**
	 * Changes one dead letter.
	 * @param id number of the dead letter or id of its event
	 * @param action {@code retry} or {@code repair}
	 * @param payload with {@code repair}: another payload
	 * @param payloadBase64 with {@code repair}: another payload that is not text
	 * @param contentType with {@code repair}: another MIME type
	 * @param headers with {@code repair}: headers to set, one in a line, for example
	 * {@code name: value}; without a value the header is removed
	 * @param destination with {@code repair}: another destination
	 * @param operator who wants it, if nobody is logged in
	 * @param outbox name of the outbox, if there are several
	 * @param security who asks
	 * @return what has been changed
	 */
	@WriteOperation
	public @Nullable Object change(@Selector String id, String action, @Nullable String payload,
			@Nullable String payloadBase64, @Nullable String contentType, @Nullable String headers,
			@Nullable String destination, @Nullable String operator, @Nullable String outbox,
			SecurityContext security) {
		return Requests.answer(() -> changeOne(id, action, payload, payloadBase64, contentType, headers, destination,
				operator, outbox, security));
	}

	private Change changeOne(String id, String action, @Nullable String payload, @Nullable String payloadBase64,
			@Nullable String contentType, @Nullable String headers, @Nullable String destination,
			@Nullable String operator, @Nullable String outbox, SecurityContext security) {
		DeadLetters letters = this.outboxes.get(outbox).letters();
		Operator by = Requests.operator(security, operator);
		Repair repair = withPayload(Repair.of(contentType, headers(headers), destination), payload, payloadBase64);
		return switch (action) {
			case "retry" -> {
				if (!repair.isEmpty()) {
					throw Requests.refused("A retry changes nothing. Use the action 'repair' for a changed copy");
				}
				boolean changed = find(letters, id).map((letter) -> letters.retry(letter.number(), by)).orElse(false);
				yield Change.of(changed, "Dead letter " + id + " is back in the outbox", gone(id));
			}
			case "repair" ->
				find(letters, id).flatMap((letter) -> Requests.valid(() -> letters.repair(letter.number(), repair, by)))
					.map((copy) -> new Change(true, "A repaired copy of dead letter " + id + " is in the outbox",
							copy.toString()))
					.orElseGet(() -> new Change(false, gone(id), null));
			default -> throw Requests.refused("The action must be 'retry' or 'repair', but is '" + action + "'");
		};
	}

	/**
	 * Discards one dead letter.
	 * @param id number of the dead letter or id of its event
	 * @param operator who wants it, if nobody is logged in
	 * @param outbox name of the outbox, if there are several
	 * @param security who asks
	 * @return what has been changed
	 */
	@DeleteOperation
	public @Nullable Object discard(@Selector String id, @Nullable String operator, @Nullable String outbox,
			SecurityContext security) {
		return Requests.answer(() -> discardOne(id, operator, outbox, security));
	}

	private Change discardOne(String id, @Nullable String operator, @Nullable String outbox, SecurityContext security) {
		DeadLetters letters = this.outboxes.get(outbox).letters();
		Operator by = Requests.operator(security, operator);
		boolean changed = find(letters, id).map((letter) -> letters.discard(letter.number(), by)).orElse(false);
		return Change.of(changed, "Dead letter " + id + " has been discarded", gone(id));
	}

	/**
	 * Starts or stops a change of many dead letters.
	 * @param action {@code retry}, {@code discard} or {@code stop}
	 * @param eventType logical type of the events
	 * @param key their key
	 * @param transport their transport
	 * @param destination their destination
	 * @param error a part of their error
	 * @param fingerprint fingerprint of their error
	 * @param diedFrom the first moment at which they died
	 * @param diedBefore the moment before which they died
	 * @param minAttempts how many attempts have failed at least
	 * @param all {@code true} to mean all of them; needed if nothing else is given
	 * @param expected how many dead letters are meant at most; needed to discard them. If
	 * there are more, nothing is changed: a filter that was misspelt would mean too many
	 * @param perSecond how many to change in a second at most
	 * @param operator who wants it, if nobody is logged in
	 * @param outbox name of the outbox, if there are several
	 * @param security who asks
	 * @return the change that has begun or was stopped
	 */
	@WriteOperation
	public @Nullable Object changeMany(String action, @Nullable String eventType, @Nullable String key,
			@Nullable String transport, @Nullable String destination, @Nullable String error,
			@Nullable String fingerprint, @Nullable String diedFrom, @Nullable String diedBefore,
			@Nullable Integer minAttempts, @Nullable Boolean all, @Nullable Long expected, @Nullable Integer perSecond,
			@Nullable String operator, @Nullable String outbox, SecurityContext security) {
		return Requests.answer(() -> {
			OperatedOutbox operated = this.outboxes.get(outbox);
			if (action.equals("stop")) {
				return stop(operated);
			}
			DeadLetterFilter filter = filter(eventType, key, transport, destination, error, fingerprint, diedFrom,
					diedBefore, minAttempts);
			checkMeant(filter, all);
			BulkChange.Action wanted = bulkAction(action);
			long last = operated.letters().lastNumber();
			checkExpected(operated, wanted, filter, last, expected);
			return Requests.valid(() -> operated.bulk()
				.start(wanted, filter, last, (perSecond != null) ? perSecond : DEFAULT_RATE,
						Requests.operator(security, operator)));
		});
	}

	private static BulkChange stop(OperatedOutbox outbox) {
		BulkChange last = outbox.bulk()
			.last()
			.orElseThrow(() -> Requests
				.refused("There is nothing to stop here. Only the instance that began a change can stop it"));
		outbox.bulk().stop(last.id());
		return outbox.bulk().last().orElse(last);
	}

	private static void checkMeant(DeadLetterFilter filter, @Nullable Boolean all) {
		if (filter.isAll() != Boolean.TRUE.equals(all)) {
			throw Requests.refused(filter.isAll() ? "Say which dead letters are meant, or all=true"
					: "Either all dead letters are meant, or those that fulfil a filter");
		}
	}

	private static void checkExpected(OperatedOutbox outbox, BulkChange.Action action, DeadLetterFilter filter,
			long last, @Nullable Long expected) {
		if (expected == null && action == BulkChange.Action.RETRY) {
			return;
		}
		long found = outbox.letters().count(filter, last);
		if (expected == null || found > expected) {
			throw Requests
				.refused(found + " dead letters are meant. Give that number as 'expected' if it is what you expect");
		}
	}

	private static BulkChange.Action bulkAction(String action) {
		return switch (action) {
			case "retry" -> BulkChange.Action.RETRY;
			case "discard" -> BulkChange.Action.DISCARD;
			default ->
				throw Requests.refused("The action must be 'retry', 'discard' or 'stop', but is '" + action + "'");
		};
	}

	private static DeadLetterFilter filter(@Nullable String eventType, @Nullable String key, @Nullable String transport,
			@Nullable String destination, @Nullable String error, @Nullable String fingerprint,
			@Nullable String diedFrom, @Nullable String diedBefore, @Nullable Integer minAttempts) {
		return Requests.valid(() -> new DeadLetterFilter(eventType, key, transport, destination, error, fingerprint,
				Requests.time("diedFrom", diedFrom), Requests.time("diedBefore", diedBefore),
				Objects.requireNonNullElse(minAttempts, 0)));
	}

	private static Optional<DeadLetter> find(DeadLetters letters, String id) {
		try {
			return (id.indexOf('-') > 0) ? letters.find(UUID.fromString(id)) : letters.find(Long.parseLong(id));
		}
		catch (IllegalArgumentException ex) {
			throw Requests
				.refused("A dead letter is named by its number or the id of its event, but not by '" + id + "'");
		}
	}

	/**
	 * Spring Boot reads bodies of one level only.
	 */
	private static @Nullable Map<String, @Nullable String> headers(@Nullable String lines) {
		if (lines == null) {
			return null;
		}
		Map<String, @Nullable String> headers = new LinkedHashMap<>();
		for (String line : lines.split("\\R")) {
			int colon = line.indexOf(':');
			if (colon < 1) {
				throw Requests.refused("Each line of 'headers' must be like 'name: value', or 'name:' to remove one");
			}
			String value = line.substring(colon + 1).strip();
			headers.put(line.substring(0, colon).strip(), value.isEmpty() ? null : value);
		}
		return headers;
	}

	private static Repair withPayload(Repair repair, @Nullable String text, @Nullable String base64) {
		if (text != null && base64 != null) {
			throw Requests.refused("Give one payload, as 'payload' or as 'payloadBase64'");
		}
		if (base64 != null) {
			return repair.withPayload(Requests.valid(() -> Base64.getDecoder().decode(base64)));
		}
		return (text != null) ? repair.withPayload(text.getBytes(StandardCharsets.UTF_8)) : repair;
	}

	private static String gone(String id) {
		return "There is no dead letter " + id + ": it has been retried or discarded already, or never was one";
	}

	/**
	 * A page of dead letters.
	 *
	 * @param letters the dead letters, oldest first
	 * @param next what to give as {@code after} for the next page, {@code null} if there
	 * is none
	 */
	public record Page(List<DeadLetterView> letters, @Nullable Long next) {

		public Page {
			letters = List.copyOf(letters);
		}

	}

	/**
	 * Who may see payloads and headers.
	 */
	@FunctionalInterface
	public interface PayloadAccess {

		/**
		 * Returns whether somebody may see payloads and headers.
		 * @param security who asks
		 * @return whether they are shown
		 */
		boolean isShown(SecurityContext security);

	}

}
