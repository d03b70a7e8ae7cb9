// @bitnetmcu/studies/internal: what the packages of this project share and users do not need. Changes without notice.
export {};
