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

package dev.outbox.it.trace;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.trace.TracedApplication.Parcel;
import dev.outbox.it.trace.TracedApplication.Received;
import dev.outbox.it.trace.TracedApplication.Spans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The trace of a request, through the outbox and a broker to the consumer.
 */
abstract class TraceContract {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String CALLER = "b7ad6b7169203331";

	@RegisterExtension
	final PostgresDatabase database = PostgresDatabase.fresh();

	/**
	 * Returns an application with a consumer of {@link #destination()}.
	 */
	abstract TestApplication application(TestApplication application);

	/**
	 * Returns where events go.
	 */
	abstract String destination();

	/**
	 * Returns how the broker's part of Spring Boot is called.
	 */
	abstract String broker();

	/**
	 * Returns the property that has listeners observed.
	 */
	abstract String observedListener();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void oneTraceFromTheRequestToTheConsumer(boolean observedTemplate) {
		try (ConfigurableApplicationContext context = traced(observedListener() + "=true",
				"spring." + broker() + ".template.observation-enabled=" + observedTemplate)) {
			Parcel parcel = order(context);
			await().atMost(PATIENCE).until(() -> spans(context).values().stream().anyMatch(TraceContract::consumes));
			SpanData store = awaitNamed(context, "store order.placed");
			SpanData send = awaitNamed(context, "send order.placed");
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(ancestor(store, spans(context))).isEqualTo(CALLER));
			Map<String, SpanData> spans = spans(context);
			SpanData consume = spans.values().stream().filter(TraceContract::consumes).findFirst().orElseThrow();
			assertThat(consume.getParentSpanId()).isEqualTo(send.getSpanId());
			assertThat(send.getParentSpanId()).isEqualTo(store.getSpanId());
			assertThat(send.getStartEpochNanos()).isGreaterThanOrEqualTo(store.getEndEpochNanos());
			assertThat(Long.parseLong(attribute(send, "outbox.waited"))).isNotNegative();
			assertThat(attribute(send, "messaging.destination.name")).isEqualTo(destination());
			assertThat(attribute(send, "messaging.message.id")).isIn(parcel.headers().get("ce_id"),
					parcel.headers().get("cloudEvents_id"));
			assertThat(parcel.headers().get("traceparent")).startsWith("00-" + TRACE + '-' + send.getSpanId());
			assertThat(parcel.baggage()).containsEntry("tenant", "north");
		}
	}

	@Test
	void aConsumerThatIsNotObservedGetsTheTraceAsHeaders() {
		try (ConfigurableApplicationContext context = traced("outbox.headers.x-trace=true")) {
			Map<String, String> headers = order(context).headers();
			SpanData send = awaitNamed(context, "send order.placed");
			assertThat(headers).containsEntry("x-trace-id", TRACE)
				.containsEntry("x-span-id", send.getSpanId())
				.containsEntry("x-parent-span-id", send.getParentSpanId())
				.containsEntry("x-sampled", "1")
				.containsEntry("baggage", "tenant=north");
		}
	}

	@Test
	void theSendNeedNotBeASpan() {
		try (ConfigurableApplicationContext context = traced("outbox.relay.observation=false")) {
			Map<String, String> headers = order(context).headers();
			SpanData store = awaitNamed(context, "store order.placed");
			assertThat(headers.get("traceparent")).startsWith("00-" + TRACE + '-' + store.getSpanId());
		}
	}

	@Test
	void withoutTracesEventsCarryNone() {
		try (ConfigurableApplicationContext context = application().run()) {
			assertThat(order(context).headers()).isNotEmpty()
				.doesNotContainKeys("traceparent", "tracestate", "baggage");
			assertThat(context.getBean(Spans.class).ended()).isEmpty();
		}
	}

	private ConfigurableApplicationContext traced(String... properties) {
		return application().with(TracesWhereTheyAreWanted.SAMPLING + "=1")
			.with("management.tracing.baggage.remote-fields=tenant")
			.with(properties)
			.run();
	}

	private TestApplication application() {
		return application(TestApplication.of(TracedApplication.class, this.database)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.topology.mode=none"));
	}

	private static boolean consumes(SpanData span) {
		return span.getKind() == SpanKind.CONSUMER;
	}

	/**
	 * Orders by a request that is in a trace.
	 * @return what the consumer has got
	 */
	private Parcel order(ConfigurableApplicationContext context) {
		int port = Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders/" + destination()))
			.header("traceparent", "00-" + TRACE + '-' + CALLER + "-01")
			.header("baggage", "tenant=north")
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		assertThat(send(request)).isEqualTo(202);
		List<Parcel> parcels = context.getBean(Received.class).parcels();
		await().atMost(PATIENCE).until(() -> !parcels.isEmpty());
		return parcels.get(0);
	}

	private static int send(HttpRequest request) {
		try {
			return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the spans of the trace, by their ids.
	 */
	private static Map<String, SpanData> spans(ConfigurableApplicationContext context) {
		Map<String, SpanData> spans = new HashMap<>();
		for (SpanData span : context.getBean(Spans.class).ended()) {
			if (span.getTraceId().equals(TRACE)) {
				spans.put(span.getSpanId(), span);
			}
		}
		return spans;
	}

	/**
	 * Waits for a span: that of the sending ends with the broker's acknowledgement, which
	 * may come after the consumer has the event.
	 */
	private static SpanData awaitNamed(ConfigurableApplicationContext context, String name) {
		await().atMost(PATIENCE).untilAsserted(() -> named(spans(context), name));
		return named(spans(context), name);
	}

	private static SpanData named(Map<String, SpanData> spans, String name) {
		List<SpanData> found = spans.values().stream().filter((span) -> span.getName().equals(name)).toList();
		assertThat(found).as(name).hasSize(1);
		return found.get(0);
	}

	/**
	 * Returns the id of the span outside this application from which a span descends.
	 */
	private static String ancestor(SpanData span, Map<String, SpanData> spans) {
		String parent = span.getParentSpanId();
		SpanData known = spans.get(parent);
		return (known != null) ? ancestor(known, spans) : parent;
	}

	private static String attribute(SpanData span, String name) {
		return Objects.requireNonNull(span.getAttributes().get(AttributeKey.stringKey(name)), name);
	}

}
