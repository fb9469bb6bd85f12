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

package dev.outbox.sample.orders;

import java.util.List;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Orders over HTTP.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderService service;

	private final OrderRepository orders;

	OrderController(OrderService service, OrderRepository orders) {
		this.service = service;
		this.orders = orders;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Order place(@RequestBody PlaceOrder command) {
		return this.service.place(command);
	}

	@GetMapping
	List<Order> newest() {
		return this.orders.findNewest(50);
	}

	@GetMapping("/{id}")
	Optional<Order> byId(@PathVariable String id) {
		return this.orders.findById(id);
	}

	@PostMapping("/{id}/pay")
	Order pay(@PathVariable String id) {
		return this.service.pay(id);
	}

	@PostMapping("/{id}/ship")
	Order ship(@PathVariable String id) {
		return this.service.ship(id);
	}

	@PostMapping("/{id}/cancel")
	Order cancel(@PathVariable String id) {
		return this.service.cancel(id);
	}

	@PostMapping("/{id}/notes")
	Order note(@PathVariable String id, @RequestBody AddNote note) {
		return this.service.note(id, note);
	}

	@ExceptionHandler
	ProblemDetail unknown(UnknownOrderException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail wrongStatus(WrongStatusException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail outOfStock(OutOfStockException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, ex.getMessage());
	}

	@ExceptionHandler
	ProblemDetail unreadable(HttpMessageNotReadableException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"An order has a customer, an item and a quantity, and a note has a text: "
						+ ex.getMostSpecificCause().getMessage());
	}

}
