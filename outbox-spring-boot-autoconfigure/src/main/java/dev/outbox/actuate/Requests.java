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

import java.security.Principal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.Supplier;

import dev.outbox.Destination;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxException;
import dev.outbox.relay.FailureText;
import dev.outbox.store.Operator;
import dev.outbox.store.StoreConflictException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Reads what requests say, and refuses what makes no sense.
 */
final class Requests {

	static final int MOST = 1000;

	private static final Logger logger = LoggerFactory.getLogger(Requests.class);

	private static final int STATUS_CONFLICT = 409;

	private static final String AGAIN = ". Repeat the request when that is over: what has been changed already is"
			+ " not changed twice";

	private static final int DEFAULT_LIMIT = 50;

	private static final String UNCHANGED = "Nothing has been changed";

	private static final String NOBODY = "anonymous";

	/**
	 * Anybody can claim to be somebody where nobody has to log in.
	 */
	private static final String UNVERIFIED = "unverified:";

	private Requests() {
	}

	/**
	 * Returns who sends a request: who is logged in, else whom the request names.
	 */
	static Operator operator(SecurityContext security, @Nullable String named) {
		Principal principal = security.getPrincipal();
		if (principal != null) {
			return valid(() -> new Operator(principal.getName()));
		}
		return valid(() -> new Operator((named != null) ? UNVERIFIED + named : NOBODY));
	}

	static int limit(@Nullable Integer limit) {
		int wanted = (limit != null) ? limit : DEFAULT_LIMIT;
		if (wanted < 1 || wanted > MOST) {
			throw refused("The limit must be between 1 and " + MOST + ", but is " + wanted);
		}
		return wanted;
	}

	static @Nullable Instant time(String name, @Nullable String time) {
		try {
			return (time != null) ? Instant.parse(time) : null;
		}
		catch (DateTimeParseException ex) {
			throw refused(
					"The parameter '" + name + "' must be a time like 2026-01-31T12:00:00Z, but is '" + time + "'");
		}
	}

	static Destination destination(@Nullable String transport, @Nullable String name) {
		if (transport == null || name == null) {
			throw refused("The parameters 'transport' and 'destination' are needed");
		}
		return valid(() -> new Destination(transport, name));
	}

	/**
	 * Answers a request. Spring Boot's own answer to a bad request, or to one that fails,
	 * does not say what is wrong.
	 */
	static @Nullable Object answer(Supplier<? extends @Nullable Object> operation) {
		try {
			return operation.get();
		}
		catch (RefusedException ex) {
			return new WebEndpointResponse<>(new Refusal(String.valueOf(ex.getMessage())),
					WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (StoreConflictException ex) {
			return new WebEndpointResponse<>(new Refusal(FailureText.error(String.valueOf(ex.getMessage()))),
					STATUS_CONFLICT);
		}
		catch (OutboxException ex) {
			return unavailable(String.valueOf(ex.getMessage()), ex);
		}
		catch (RuntimeException ex) {
			return unavailable(ex.getClass().getSimpleName() + ": " + ex.getMessage(), ex);
		}
	}

	private static Object unavailable(String problem, RuntimeException cause) {
		logger.warn("A request of an operator could not be answered", cause);
		return new WebEndpointResponse<>(new Refusal(FailureText.error(problem + AGAIN)),
				WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
	}

	/**
	 * Returns what can be made of a request.
	 */
	static <T> T valid(Supplier<T> made) {
		try {
			return made.get();
		}
		catch (IllegalArgumentException | IllegalStateException | InvalidMessageException ex) {
			String problem = String.valueOf(ex.getMessage());
			throw new RefusedException(problem.contains(UNCHANGED) ? problem : problem + ". " + UNCHANGED, ex);
		}
	}

	static RefusedException refused(String problem) {
		return new RefusedException(problem + ". " + UNCHANGED, null);
	}

	/**
	 * A request that makes no sense.
	 */
	static final class RefusedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		RefusedException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

	/**
	 * The answer to a request that makes no sense, or cannot be fulfilled.
	 *
	 * @param error what is wrong
	 */
	record Refusal(String error) {

	}

}
