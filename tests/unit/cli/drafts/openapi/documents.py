"""Documents to make drafts of."""

import json

ORDERS = """
openapi: 3.0.3
info: {title: Orders, version: "1"}
servers: [{url: "https://{stage}.example.com/v1/", variables: {stage: {default: dev}}}]
security: [{iam: []}]
paths:
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: limit, in: query, required: true, schema: {type: integer, minimum: 5}}
        - {name: cursor, in: query, schema: {type: string}}
        - {name: product, in: query, example: book}
      responses:
        "200": {content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}}}
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/NewOrder"}}}}
      responses:
        "201": {$ref: "#/components/responses/One"}
        "400": {description: refused}
  /orders/{order-id}:
    parameters: [{name: order-id, in: path, required: true, schema: {type: string, example: o-17}}]
    get: {responses: {"200": {$ref: "#/components/responses/One"}}}
    delete:
      security: [{key: []}]
      responses: {"204": {description: gone}, "202": {description: soon}, default: {description: other}}
components:
  securitySchemes:
    iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
    key: {type: apiKey, name: X-Api-Key, in: header}
  responses:
    One: {content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
  schemas:
    NewOrder:
      type: object
      required: [product, quantity, address]
      properties:
        product: {type: string, enum: [book, pen]}
        quantity: {type: integer, minimum: 0, exclusiveMinimum: true}
        address: {type: object, properties: {city: {type: string, maxLength: 3}}}
        note: {type: string}
        price: {type: number, example: 12.5}
    Order:
      allOf:
        - $ref: "#/components/schemas/NewOrder"
        - type: object
          required: [order_id, status, parent, channel]
          properties:
            order_id: {type: string, format: uuid, readOnly: true}
            status: {type: string, enum: [created, in-progress]}
            channel: {type: string, enum: [web]}
            shipped_at: {type: string, format: date-time, nullable: true}
            parent: {$ref: "#/components/schemas/Order"}
            tags: {type: array, items: {type: string}}
"""


def one(operation, **more):
    """A document of OpenAPI 3.1 with one operation, as JSON."""
    return json.dumps({"openapi": "3.1.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}, **more})


def body(schema, **more):
    return {"requestBody": {"content": {"application/json": {"schema": schema, **more}}}}


def components(**schemas):
    """Schemas by their names, and a body that is the first of them."""
    first = next(iter(schemas))
    return one(body({"$ref": f"#/components/schemas/{first}"}), components={"schemas": schemas})
