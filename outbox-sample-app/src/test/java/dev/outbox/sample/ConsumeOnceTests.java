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

package dev.outbox.sample;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.sample.payments.RefundDesk;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker may deliver an event more than once; what it brings about happens once.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "sample.embedded.directory=target/consume-once")
class ConsumeOnceTests {

	@Autowired
	private KafkaTemplate<String, String> kafka;

	@Autowired
	private JsonMapper json;

	@Autowired
	private RefundDesk refunds;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private PlatformTransactionManager transactions;

	@LocalServerPort
	private int port;

	@Test
	void aRefundThatIsRequestedTwiceByOneEventIsMadeOnce() {
		String order = UUID.randomUUID().toString();
		String first = UUID.randomUUID().toString();
		String second = UUID.randomUUID().toString();
		request(order, first);
		request(order, first);
		request(order, second);
		// The last of the key: no other refund of it comes later.
		await().untilAsserted(() -> assertThat(refundedRequests(order)).contains(second));
		assertThat(refundedRequests(order)).containsExactlyInAnyOrder(first, second);
		assertThat(journeys()).filteredOn((journey) -> journey.get("id").stringValue().equals(first))
			.singleElement()
			.satisfies((journey) -> assertThat(journey.get("consumptions").intValue()).isEqualTo(2));
	}

	/**
	 * Neither finds the event consumed; the primary key stops one of them.
	 */
	@Test
	void aRefundThatTwoConsumersHaveAtTheSameTimeIsMadeOnce() throws Exception {
		String order = UUID.randomUUID().toString();
		String first = UUID.randomUUID().toString();
		String second = UUID.randomUUID().toString();
		CyclicBarrier bothHaveLooked = new CyclicBarrier(2);
		TransactionTemplate snapshot = new TransactionTemplate(this.transactions);
		snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
		Callable<Object> consumer = () -> snapshot.execute((status) -> {
			this.jdbc.sql("SELECT count(*) FROM consumed_event").query(Long.class).single();
			awaitOther(bothHaveLooked);
			this.refunds.refund(first, order);
			return order;
		});
		ExecutorService consumers = Executors.newFixedThreadPool(2);
		try {
			int stopped = 0;
			for (Future<?> outcome : consumers.invokeAll(List.of(consumer, consumer))) {
				try {
					outcome.get();
				}
				catch (ExecutionException ex) {
					assertThat(ex).hasCauseInstanceOf(DuplicateKeyException.class);
					stopped++;
				}
			}
			assertThat(stopped).isOne();
		}
		finally {
			consumers.shutdownNow();
		}
		// Delivered again to the one that was stopped.
		this.refunds.refund(first, order);
		this.refunds.refund(second, order);
		await().untilAsserted(() -> assertThat(refundedRequests(order)).contains(second));
		assertThat(refundedRequests(order)).containsExactlyInAnyOrder(first, second);
	}

	private static void awaitOther(CyclicBarrier barrier) {
		try {
			barrier.await(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<String> refundedRequests(String order) {
		return journeys().stream()
			.filter((journey) -> order.equals(journey.path("key").asString()))
			.filter((journey) -> journey.get("type").stringValue().equals("payment.refunded"))
			.filter((journey) -> journey.hasNonNull("consumedAt"))
			.map((journey) -> this.json.readTree(journey.get("payload").stringValue()).get("requestId").stringValue())
			.toList();
	}

	private List<JsonNode> journeys() {
		String body = RestClient.create("http://localhost:" + this.port)
			.get()
			.uri("/journeys")
			.retrieve()
			.body(String.class);
		return this.json.readTree(body).valueStream().toList();
	}

	private void request(String order, String id) {
		ProducerRecord<String, String> event = new ProducerRecord<>("payments", order,
				"{\"orderId\":\"" + order + "\"}");
		event.headers().add("ce_id", id.getBytes(StandardCharsets.UTF_8));
		event.headers().add("ce_type", "payment.refund-requested".getBytes(StandardCharsets.UTF_8));
		this.kafka.send(event);
	}

}
